"""`paperblog check`: every diagnostic of a build; writes nothing."""

import argparse
import sys
import time

from paperblog.adapters.workers import available_cores
from paperblog.commands.closing import checked, say
from paperblog.commands.location import find_site
from paperblog.commands.report import words_of
from paperblog.commands.workshop import open_site, open_world, present
from paperblog.features.frame import frame_of
from paperblog.pipeline import Options, build
from paperblog.steps.resolve import Publication


def run(arguments: argparse.Namespace) -> int:
    """Report on standard output, as `build` does on standard error."""
    begun = time.perf_counter()
    site = open_site(find_site(arguments.site), arguments.site, arguments.base_url)
    publication = Publication(present(site.config), arguments.drafts, arguments.future)
    options = Options(root=site.root, output=None, publication=publication)
    jobs = arguments.jobs or available_cores()
    with open_world(site, not arguments.no_cache, jobs) as world:
        report = build(site.config, options, world, site.plugins, frame_of)
    words = words_of(report, site, arguments.format, sys.stdout)
    seconds = time.perf_counter() - begun
    return say(words, arguments.format, checked(words), seconds, sys.stdout)
