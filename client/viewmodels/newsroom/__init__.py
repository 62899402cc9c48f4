"""The newsroom's state: its sections, what is being written, the tables of the guide, files."""

from client.viewmodels.newsroom.room import SECTIONS, NewsroomModel

__all__ = ["SECTIONS", "NewsroomModel"]
