"""A rendering that was remembered, told again as if its functions ran now."""

from itertools import groupby

from bot.packages.kptfile import read_kptfile
from bot.packages.package import KPTFILE, Files
from bot.packages.rendering import Rendering
from bot.render.execution import by_breadth
from bot.render.hydration import turns
from bot.render.pipeline import BREADTH_FIRST, says
from bot.render.watch import Watch


def replay(rendering: Rendering, files: Files, watch: Watch) -> None:
    """Tell `watch` of every package and step of the rendering of `files`, which went well."""
    packages = turns(files)
    kptfile = read_kptfile(files[KPTFILE].content)
    steps = {place: list(group) for place, group in groupby(rendering.steps, lambda step: step.package)}
    for package in by_breadth(packages) if says(kptfile, BREADTH_FIRST) else packages:
        watch.package(package.directory)
        for step in steps.get(package.directory, ()):
            watch.running(step.function, package.directory, step.selected)
            watch.ended(step)
        if package.directory in steps:
            watch.package_done()
