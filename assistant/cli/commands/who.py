"""``secondcoder who``."""

from __future__ import annotations

import click

from assistant.cli.common import json_option, print_json

__all__ = ["who"]


@click.command()
@click.argument("name", default="")
@click.option("--login", is_flag=True, help="Go back to the name of your login.")
@json_option
def who(name: str, login: bool, as_json_: bool) -> None:
    """Say under which name decisions are stored, or change it to NAME.

    It holds for all your studies on this computer, in the terminal and on the pages (where you can
    give another name for one browser). What is stored already keeps its name. Take your full name:
    logins such as `user` are the same on many computers, and two people of one name are taken for
    one person when their studies are merged.

    Example: secondcoder who "Ana Ferreira"
    """
    from assistant.errors import UserError
    from assistant.store.people.person import chosen_name, person, set_name

    if name and login:
        raise UserError("Either a name or --login.", hint="Leave one of them out.")
    if name.strip() or login:
        set_name(name)
    now, chosen = person(), bool(chosen_name())
    if as_json_:
        print_json({"name": now, "chosen": chosen})
        return
    click.echo(f"Decisions and memos are stored under the name {now}.")
    if not chosen:
        click.echo('That is your login. Not you? secondcoder who "Your Name"')
    elif (name or login) and now != name.strip():
        click.echo("The environment variable SECONDCODER_NAME says so, and goes first.")
