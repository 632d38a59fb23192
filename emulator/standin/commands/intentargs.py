"""Intents as arguments of `am`."""

from emulator.standin.packages.intents import Intent, full_component


class BadIntent(ValueError):
    """The arguments do not make an intent."""


def parse_intent(args: list[str]) -> tuple[Intent, dict[str, str]]:
    """An intent and the other options (``-W``, ``-D``, ``--user`` …)."""
    intent = Intent()
    found: dict[str, str] = {}
    rest = list(args)

    def take(option: str) -> str:
        if not rest:
            raise BadIntent(f'Argument expected after "{option}"')
        return rest.pop(0)

    while rest:
        arg = rest.pop(0)
        if arg == "-a":
            intent.action = take(arg)
        elif arg == "-d":
            intent.data = take(arg)
        elif arg == "-c":
            intent.categories.append(take(arg))
        elif arg == "-n":
            intent.component = take(arg)
            if "/" not in intent.component:
                raise BadIntent(f"Bad component name: {intent.component}")
            intent.component = full_component(intent.component)
        elif arg == "-p":
            intent.package = take(arg)
        elif arg == "-f":
            intent.flags = int(take(arg), 0)
        elif arg in ("-e", "--es"):
            key = take(arg)
            intent.extras[key] = take(arg)
        elif arg in ("--ei", "--el"):
            key = take(arg)
            intent.extras[key] = int(take(arg), 0)
        elif arg == "--ez":
            key = take(arg)
            intent.extras[key] = take(arg).lower() in ("true", "t", "1")
        elif arg in ("-W", "-D", "-S"):
            found[arg] = ""
        elif arg == "--user":
            found[arg] = take(arg)
        elif arg.startswith("-"):
            raise BadIntent(f"Unknown option: {arg}")
        elif "/" in arg and ":" not in arg:
            intent.component = full_component(arg)
        elif ":" in arg:
            intent.data = arg
        else:
            intent.package = arg
    return intent, found
