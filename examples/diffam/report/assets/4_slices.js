// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Four linked views of the CT with contours: axial, sagittal, coronal, and a section along the spine's curve.
"use strict";

/** All views, and the world position of their cross. */
class SliceViews {
  constructor(to, tools, volume, meshes) {
    this.volume = volume;
    this.meshes = meshes;
    this.contours = true;
    this.waiting = false;
    const middle = meshes[Math.floor((meshes.length - 1) / 2)];
    this.cross = [...middle.centre];
    this.views = [new SliceView(this, "axial", false), new SliceView(this, "sagittal", false),
                  new SliceView(this, "coronal", false), new SliceView(this, "sagittal", true)];
    to.style.setProperty("--wide", `${volume.size[0]}fr`);
    to.style.setProperty("--deep", `${volume.size[1]}fr`);
    to.append(...this.views.map((view) => view.box));
    tools.append(this.levelButtons(), this.contourSwitch());
    new ResizeObserver(() => this.changed()).observe(to);
    this.changed();
  }

  levelButtons() {
    const buttons = this.meshes.map((mesh) => {
      const button = element("button", {type: "button"}, legendEntry(mesh.colour, mesh.name));
      button.addEventListener("click", () => this.moveTo(mesh.centre));
      return button;
    });
    return element("fieldset", {}, element("legend", {}, "Go to"), ...buttons);
  }

  contourSwitch() {
    const box = element("input", {type: "checkbox", id: "contours", checked: ""});
    box.addEventListener("change", () => {
      this.contours = box.checked;
      this.changed();
    });
    return element("label", {}, box, " contours");
  }

  moveTo(p) {
    this.cross = p.map((x, axis) => {
      const first = this.volume.origin[axis], last = first + (this.volume.size[axis] - 1) * this.volume.spacing;
      return Math.min(Math.max(x, first), last);
    });
    this.changed();
  }

  /** Moves the sliders at once, so that a key for one of them counts from here. Draws before the next picture of the screen. */
  changed() {
    for (const view of this.views) view.moveSlider();
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      for (const view of this.views) view.draw();
    });
  }
}

class SliceView {
  constructor(all, kind, curved) {
    this.all = all;
    this.kind = kind;
    this.curved = curved;
    this.fromCurve = 0;  // slices between the section and the spine's curve
    this.picture = element("canvas");
    this.place = element("span", {class: "place"});
    this.canvas = element("canvas", {tabindex: "0", role: "img"});
    this.slider = element("input", {type: "range"});
    this.box = element("div", {class: "view"}, element("h3", {}, this.title(), this.place), this.canvas, this.slider);
    this.slider.addEventListener("input", () => this.setIndex(Number(this.slider.value)));
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.step(event.deltaY > 0 ? -1 : 1);
    }, {passive: false});
    const drag = (event) => event.buttons === 1 && this.onDrag(event);
    this.canvas.addEventListener("pointerdown", drag);
    this.canvas.addEventListener("pointermove", drag);
  }

  /** The curved view can be sagittal or coronal. */
  title() {
    if (!this.curved) return this.kind[0].toUpperCase() + this.kind.slice(1);
    const choice = element("select", {"aria-label": "direction of the curved section"},
                           element("option", {value: "sagittal"}, "sagittal"), element("option", {value: "coronal"}, "coronal"));
    choice.addEventListener("change", () => {
      this.kind = choice.value;
      this.fromCurve = 0;
      this.all.changed();
    });
    return element("span", {}, "Along the spine: ", choice);
  }

  get axis() { return sectionKinds[this.kind].through; }

  /** Least and greatest number of a slice. A curved section has number 0 on the curve. */
  range() {
    const count = this.all.volume.size[this.axis];
    return this.curved ? [-Math.floor(count / 2), Math.floor(count / 2)] : [0, count - 1];
  }
  get index() {
    const {origin, spacing} = this.all.volume;
    return this.curved ? this.fromCurve : Math.round((this.all.cross[this.axis] - origin[this.axis]) / spacing);
  }
  /** mm along the axis, or from the curve. */
  placeOf(index) {
    return index * this.all.volume.spacing + (this.curved ? 0 : this.all.volume.origin[this.axis]);
  }
  setIndex(wanted) {
    const [first, last] = this.range(), index = Math.min(Math.max(wanted, first), last), p = [...this.all.cross];
    if (this.curved) this.fromCurve = index;
    else p[this.axis] = this.placeOf(index);
    this.all.moveTo(p);
  }
  step(by) { this.setIndex(this.index + by); }

  onKey(event) {
    const [first, last] = this.range();
    const steps = {ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10};
    if (event.shiftKey && event.key.startsWith("Arrow")) this.moveCross(event.key);
    else if (event.key in steps) this.step(steps[event.key]);
    else if (event.key === "Home") this.setIndex(first);
    else if (event.key === "End") this.setIndex(last);
    else return;
    event.preventDefault();
  }

  /** Moves the cross by 2 mm within the picture. */
  moveCross(key) {
    const {across, down} = sectionKinds[this.kind], p = [...this.all.cross];
    if (key === "ArrowLeft") p[across] += 2;
    if (key === "ArrowRight") p[across] -= 2;
    if (key === "ArrowUp") p[down] += 2;
    if (key === "ArrowDown") p[down] -= 2;
    this.keepOnSection(p);
  }

  onDrag(event) {
    const {across, down} = sectionKinds[this.kind], p = [...this.all.cross], scale = this.picture.width / this.canvas.clientWidth;
    [p[across], p[down]] = worldOf(this.all.volume, this.kind, event.offsetX * scale, event.offsetY * scale);
    this.keepOnSection(p);
    this.canvas.setPointerCapture(event.pointerId);
  }

  keepOnSection(p) {
    if (this.curved) p[this.axis] = this.placeOf(this.index) + curveAt(this.all.volume, this.axis, p[2]);
    this.all.moveTo(p);
  }

  moveSlider() {
    const [min, max] = this.range();
    Object.assign(this.slider, {min, max, value: this.index});
  }

  draw() {
    const {volume, meshes, contours, cross} = this.all, place = this.placeOf(this.index);
    const pixels = sectionPixels(volume, this.kind, this.curved, place);
    this.picture.width = pixels.width;
    this.picture.height = pixels.height;
    this.picture.getContext("2d").putImageData(pixels, 0, 0);
    const scale = this.canvas.clientWidth * devicePixelRatio / pixels.width;
    this.canvas.width = Math.max(1, Math.round(pixels.width * scale));
    this.canvas.height = Math.max(1, Math.round(pixels.height * scale));
    const context = this.canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(this.picture, 0, 0, this.canvas.width, this.canvas.height);
    let lines = 0;
    if (contours) for (const mesh of meshes) lines += this.drawContour(context, scale, place, mesh);
    this.drawCross(context, scale, pixelOf(volume, this.kind, cross));
    this.drawDirections(context);
    const text = this.curved ? `${place.toFixed(1)} mm aside` : `${"xyz"[this.axis]} = ${place.toFixed(1)} mm`;
    this.place.textContent = text;
    this.slider.setAttribute("aria-label", `${this.curved ? "section along the spine" : this.kind + " slice"}, ${text}`);
    this.canvas.setAttribute("aria-label", `${this.kind} slice of the CT with contours, ${text}`);
    this.canvas.dataset.lines = lines;
  }

  /** Returns the number of lines. */
  drawContour(context, scale, place, mesh) {
    let lines = 0, x = 0, y = 0;
    context.beginPath();
    cutMesh(this.all.volume, this.kind, this.curved, place, mesh, (a, b) => {
      context.moveTo(a[0] * scale, a[1] * scale);
      context.lineTo(b[0] * scale, b[1] * scale);
      x += a[0] * scale;
      y += a[1] * scale;
      ++lines;
    });
    if (lines === 0) return 0;
    context.lineCap = "round";
    context.lineWidth = 1.8 * devicePixelRatio;
    context.strokeStyle = mesh.colour;
    context.stroke();
    const p = this.kind === "axial" ? [x / lines, y / lines] : pixelOf(this.all.volume, this.kind, mesh.centre).map((n) => n * scale);
    this.write(context, mesh.name, p[0], p[1], 13);
    return lines;
  }

  drawCross(context, scale, p) {
    context.strokeStyle = "rgba(255, 255, 255, 0.45)";
    context.lineWidth = devicePixelRatio;
    context.beginPath();
    context.moveTo(0, p[1] * scale);
    context.lineTo(this.canvas.width, p[1] * scale);
    context.moveTo(p[0] * scale, 0);
    context.lineTo(p[0] * scale, this.canvas.height);
    context.stroke();
  }

  drawDirections(context) {
    const {left, right, top, bottom} = sectionKinds[this.kind], {width, height} = this.canvas, edge = 10 * devicePixelRatio;
    this.write(context, left, edge, height / 2, 13);
    this.write(context, right, width - edge, height / 2, 13);
    this.write(context, top, width / 2, edge, 13);
    this.write(context, bottom, width / 2, height - edge, 13);
  }

  write(context, text, x, y, size) {
    context.font = `600 ${size * devicePixelRatio}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3 * devicePixelRatio;
    context.strokeStyle = "#000";
    context.strokeText(text, x, y);
    context.fillStyle = "#fff";
    context.fillText(text, x, y);
  }
}
