"""Whose a window is: the system's permission dialogs, by package and class; titles that are only a component's name."""

from monitor.knowledge.wordlists import table

#: AOSP's names of the apps that show permission dialogs, which vendors put after their own.
_PROMPT_APPS = (".permissioncontroller", ".packageinstaller")
_PROMPT_CLASS = ".permission.ui.grantpermissionsactivity"


def prompt_package(package: str, cls: str = "") -> bool:
    """Whether a package's windows are the system's permission dialogs, or a vendor's in their place. Of an app that
    does more than that, only those whose class, if known, is named after permissions."""
    words = table("prompts")
    if package not in words["prompt_packages"]:
        return package.endswith(_PROMPT_APPS)
    return not cls or package not in words["prompt_managers"] or "permission" in cls.casefold()


def system_prompt(focus: str, app: str) -> bool:
    """Whether the focused window (``package/class``) is the system's permission dialog, and not the app's (by its
    package), whatever its names."""
    package, _, cls = focus.casefold().partition("/")
    return package != app.casefold() and (prompt_package(package, cls) or cls.endswith(_PROMPT_CLASS))


def system_view(view: str, app: str) -> bool:
    """Whether a view (``package:id/name``) belongs to the system's permission dialog, whatever the app shows below."""
    package = view.partition(":")[0]
    return package != app and prompt_package(package)


def component_title(title: str) -> bool:
    """Whether a window has no title of its own, but the name of its component (``package/class``) or none."""
    return not title or ("/" in title and "." in title and " " not in title)
