"""The newsroom on the screen: panes and tables on a wide window, one thing at a time on a phone."""

from client.views.newsroom.frame import NewsroomDesk, NewsroomOver, NewsroomPhone

__all__ = ["NewsroomDesk", "NewsroomOver", "NewsroomPhone"]
