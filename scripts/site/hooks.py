# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Hooks of MkDocs.

- A header that a page names in code (`sdf/mesh_distance.hpp`) links to its page of the API reference.
- The navigation ends with the API reference.
- A link to a file outside docs/ (a source file) becomes its text: the site holds docs/ alone.
"""
import os
import re
import xml.etree.ElementTree as ElementTree

from mkdocs.structure.nav import Link

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+)[^)]*\)")
HEADER = re.compile(r"(?<!<a href=\")<code>((?:diffam/)?[\w/]+\.(?:hpp|cuh))</code>")


def api_pages():
    """The page of the API reference for each header, from the tag file that Doxygen writes."""
    tags = ElementTree.parse(os.environ["DIFFAM_API_TAGS"])
    return {
        file.findtext("path", "").split("include/")[-1] + file.findtext("name"): file.findtext("filename")
        for file in tags.iter("compound")
        if file.get("kind") == "file"
    }


def on_config(config):
    config["api_pages"] = api_pages()
    return config


def on_nav(nav, config, files):
    nav.items.append(Link("API reference", "api/index.html"))
    return nav


def on_page_markdown(markdown, page, config, files):
    depth = page.file.src_path.count("/")
    return LINK.sub(lambda link: link.group(1) if link.group(2).count("../") > depth else link.group(0), markdown)


def on_page_content(html, page, config, files):
    up = "../" * page.url.count("/")

    def linked(match):
        name = match.group(1)
        file = config["api_pages"].get(name if name.startswith("diffam/") else "diffam/" + name)
        return f'<a href="{up}api/{file}">{match.group(0)}</a>' if file else match.group(0)

    return HEADER.sub(linked, html)
