# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Hooks of MkDocs.

- A header that a page names in code (`sdf/mesh_distance.hpp`) links to its page of the API reference.
- The navigation ends with the API reference.
- A link to a file outside docs/ (a source file) becomes its text: the site holds docs/ alone.
- A notebook (.ipynb) becomes a page with the outputs that it holds.
"""
import base64
import json
import os
import re
import xml.etree.ElementTree as ElementTree

from mkdocs.structure.files import File
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


def notebook_page(notebook, name, pictures):
    """The Markdown of a notebook. Its pictures are added to `pictures`: file name -> bytes."""
    out = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        out.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                picture = f"{name}-{len(pictures) + 1}.png"
                pictures[picture] = base64.b64decode(data["image/png"])
                out.append(f"![Output of the code above]({picture})")
            elif text := "".join(output.get("text", data.get("text/plain", []))).rstrip():
                out.append(f"```text\n{text}\n```")
    return "\n\n".join(out) + "\n"


def on_files(files, config):
    folder = os.path.join(os.path.dirname(config["site_dir"]), "notebooks")
    os.makedirs(folder, exist_ok=True)
    for notebook in [f for f in files if f.src_path.endswith(".ipynb")]:
        files.remove(notebook)
        name, pictures = os.path.splitext(notebook.src_path)[0], {}
        with open(notebook.abs_src_path, encoding="utf-8") as file:
            page = notebook_page(json.load(file), name, pictures)
        for made, contents in {name + ".md": page.encode(), **pictures}.items():
            with open(os.path.join(folder, made), "wb") as file:
                file.write(contents)
            files.append(File(made, folder, config["site_dir"], config["use_directory_urls"]))
    return files


def on_nav(nav, config, files):
    nav.items.append(Link("API reference", "api/index.html"))
    return nav


def on_page_markdown(markdown, page, config, files):
    depth = page.file.src_path.count("/")
    markdown = markdown.replace(".ipynb)", ".md)")  # the page of a notebook
    return LINK.sub(lambda link: link.group(1) if link.group(2).count("../") > depth else link.group(0), markdown)


def on_page_content(html, page, config, files):
    up = "../" * page.url.count("/")

    def linked(match):
        name = match.group(1)
        file = config["api_pages"].get(name if name.startswith("diffam/") else "diffam/" + name)
        return f'<a href="{up}api/{file}">{match.group(0)}</a>' if file else match.group(0)

    return HEADER.sub(linked, html)
