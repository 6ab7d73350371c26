"""Miniature providers, written from the documents alone, each faithful or wrong in one way."""

from typing import Final

from starlette.applications import Starlette

from . import foxapi, octopusx, pixeldojo, uniall
from .catalogue import WRONG, by_name
from .clip import clip
from .options import Options
from .wrong import NoSuchWrong, Wrong

__all__ = ["APPS", "WRONG", "NoSuchWrong", "Options", "Wrong", "build", "by_name", "clip"]

#: The app of each system; the two PixelDojo models live behind one door.
APPS: Final = {
    "foxapi": foxapi.app,
    "octopusx": octopusx.app,
    "pixeldojo": pixeldojo.app,
    "pixeldojo-extend": pixeldojo.app,
    "pixeldojo-video": pixeldojo.app,
    "uniall": uniall.app,
}


def build(wanted: Wrong | str, options: Options = Options()) -> Starlette:  # noqa: B008
    """Make the app of a wrong provider, or the faithful one of a system."""
    if isinstance(wanted, Wrong):
        return APPS[wanted.system](options, wanted.name)
    return APPS[wanted](options)
