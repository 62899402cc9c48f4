"""The phone's own abilities through Flet's services: files, the position, the camera.

The services are registered with the page on first use. A platform that lacks one answers with an
exception or never; both mean "not there", and nothing that a person wrote depends on it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

import flet as ft

from client.viewmodels.phone import Camera, Fix, Phone, Shared
from shared_schema.limits import BACKUP_BYTES_MAX

log = logging.getLogger(__name__)
POSITION_S: Final = 20.0
FILE_TYPE: Final = "application/octet-stream"
_SHARED: Final[dict[ft.ShareResultStatus, Shared]] = {
    ft.ShareResultStatus.SUCCESS: "yes",
    ft.ShareResultStatus.DISMISSED: "no",
    ft.ShareResultStatus.UNAVAILABLE: "unknown",
}


class FletPhone(Phone):
    """The real one."""

    async def save_file(self, name: str, content: bytes) -> bool:
        """See `Phone`. In a browser it is a download, which reports nothing back."""
        try:
            saved = await ft.FilePicker().save_file(file_name=name, src_bytes=content)
        except Exception:
            log.exception("the file was not saved")
            return False
        return bool(saved) or ft.context.page.web

    @property
    def can_share(self) -> bool:
        """See `Phone`. Flet's share sheet takes no files on Linux."""
        return ft.context.page.platform is not ft.PagePlatform.LINUX

    async def share_files(self, files: Mapping[str, bytes]) -> Shared:
        """See `Phone`. A browser without a share sheet would download them: that is saving."""
        sheet = [ft.ShareFile.from_bytes(raw, mime_type=FILE_TYPE, name=name)
                 for name, raw in files.items()]  # fmt: skip
        try:
            went = await ft.Share().share_files(
                sheet, download_fallback_enabled=False, mail_to_fallback_enabled=False
            )
        except Exception:
            log.exception("nothing was shared")
            return "no"
        return _SHARED[went.status]

    async def pick_file(self) -> bytes | None:
        """See `Phone`."""
        try:
            picked = await ft.FilePicker().pick_files(with_data=True)
        except Exception:
            log.exception("no file was chosen")
            return None
        if not picked or picked[0].size > BACKUP_BYTES_MAX:
            return None
        return picked[0].bytes

    async def position(self) -> Fix | None:
        """See `Phone`. Only the roughest accuracy is asked for: it is quick and spares battery."""
        import flet_geolocator as geo  # type: ignore[import-untyped]

        try:
            locator = geo.Geolocator(
                configuration=geo.GeolocatorConfiguration(
                    accuracy=geo.GeolocatorPositionAccuracy.LOW
                )
            )
            async with asyncio.timeout(POSITION_S):
                status = await locator.request_permission()
                if status in (
                    geo.GeolocatorPermissionStatus.DENIED,
                    geo.GeolocatorPermissionStatus.DENIED_FOREVER,
                ):
                    return None
                found = await locator.get_current_position()
        except Exception as error:  # noqa: BLE001 - no receiver, permission or answer: all the same
            log.info("no position: %s", type(error).__name__)
            return None
        if found is None or found.latitude is None or found.longitude is None:
            return None
        return Fix(
            round(found.latitude * 1e5), round(found.longitude * 1e5), round(found.accuracy or 0)
        )

    @property
    def can_scan(self) -> bool:
        """See `Phone`. Flet's camera has no desktop."""
        page = ft.context.page
        return page.web or page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)

    def camera(self) -> Camera:
        """See `Phone`. The plugin is loaded when somebody scans."""
        from client.views.camera import FletCamera

        return FletCamera(ft.context.page)
