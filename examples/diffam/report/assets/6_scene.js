// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The meshes in 3-D, with three.js. The camera turns about the middle of the spine; up is the patient's head.
"use strict";

/** Directions from which the buttons look, as angles about the patient's axis and above the horizon. */
const viewpoints = {front: [90, 0], left: [180, 0], back: [-90, 0], right: [0, 0], top: [-90, 89]};

class MeshScene {
  constructor(to, meshes, colours) {
    this.meshes = meshes;
    this.colours = colours;
    this.stage = element("div", {class: "stage"});
    this.canvas = element("canvas", {tabindex: "0", role: "img", "aria-label": "meshes of the vertebrae in 3-D; arrow keys turn them, plus and minus change the distance"});
    this.legend = element("div", {class: "legend"});
    this.stage.append(this.canvas);
    to.append(this.tools(), this.stage, this.legend,
              element("p", {class: "quiet"}, `Drag or arrow keys: turn. Mouse wheel, + and -: distance. Drawn with three.js r${THREE.REVISION}.`));
    this.renderer = new THREE.WebGLRenderer({canvas: this.canvas, antialias: true, preserveDrawingBuffer: true});
    this.renderer.setClearColor(0x0e1018);
    this.camera = new THREE.PerspectiveCamera(30, 1, 1, 10000);
    this.scene = new THREE.Scene();
    this.light = new THREE.DirectionalLight(0xffffff, 0.65);
    this.scene.add(new THREE.AmbientLight(0xffffff, 0.35), this.light);
    this.solids = meshes.map((mesh) => this.solidOf(mesh));
    this.scene.add(...this.solids);
    this.names = meshes.map((mesh) => element("span", {class: "name"}, mesh.name));
    this.stage.append(...this.names);
    this.box = new THREE.Box3();
    for (const solid of this.solids) this.box.expandByObject(solid);
    this.listen();
    this.colourBy("level");
    this.lookFrom("left");
    new ResizeObserver(() => this.draw()).observe(this.stage);
  }

  solidOf(mesh) {
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.BufferAttribute(mesh.vertices, 3));
    geometry.setAttribute("color", new THREE.BufferAttribute(new Float32Array(mesh.vertices.length), 3));
    geometry.setIndex(new THREE.BufferAttribute(mesh.faces, 1));
    geometry.computeVertexNormals();
    return new THREE.Mesh(geometry, new THREE.MeshLambertMaterial({vertexColors: THREE.VertexColors}));
  }

  tools() {
    const choices = Object.keys(this.colours).map((name, n) => {
      const choice = element("input", {type: "radio", name: "colouring", value: name, ...(n === 0 ? {checked: ""} : {})});
      choice.addEventListener("change", () => this.colourBy(name));
      return element("label", {}, choice, " " + name);
    });
    const buttons = Object.keys(viewpoints).map((name) => {
      const button = element("button", {type: "button"}, name);
      button.addEventListener("click", () => this.lookFrom(name));
      return button;
    });
    return element("div", {class: "tools"}, element("fieldset", {}, element("legend", {}, "Colour by"), ...choices),
                   element("fieldset", {}, element("legend", {}, "Look from"), ...buttons));
  }

  colourBy(name) {
    const {of, legend} = this.colours[name], known = new Map();
    const rgb = (css) => known.get(css) ?? known.set(css, new THREE.Color(css)).get(css);
    this.solids.forEach((solid, m) => {
      const colours = solid.geometry.attributes.color, colourOf = of(this.meshes[m]);
      for (let i = 0; i < colours.count; ++i) {
        const c = rgb(colourOf(i));
        colours.setXYZ(i, c.r, c.g, c.b);
      }
      colours.needsUpdate = true;
    });
    this.legend.replaceChildren(...legend.map(([colour, text]) => legendEntry(colour, text)));
    this.draw();
  }

  lookFrom(name) {
    [this.around, this.above] = viewpoints[name];
    this.distance = 0;  // the whole spine
    this.draw();
  }

  listen() {
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons !== 1) return;
      this.canvas.setPointerCapture(event.pointerId);
      this.turn(-event.movementX * 0.5, event.movementY * 0.5);
    });
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.approach(event.deltaY > 0 ? 1.1 : 1 / 1.1);
    }, {passive: false});
    this.canvas.addEventListener("keydown", (event) => {
      const turns = {ArrowLeft: [5, 0], ArrowRight: [-5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5]};
      if (event.key in turns) this.turn(...turns[event.key]);
      else if (event.key === "+" || event.key === "=") this.approach(1 / 1.1);
      else if (event.key === "-") this.approach(1.1);
      else return;
      event.preventDefault();
    });
  }

  turn(around, above) {
    this.around += around;
    this.above = Math.min(Math.max(this.above + above, -89), 89);
    this.draw();
  }

  approach(factor) {
    this.distance = Math.min(Math.max(this.distance * factor, 60), 5000);
    this.draw();
  }

  /** The distance from which the whole spine is seen. */
  farEnough(aspect) {
    const radius = this.box.getBoundingSphere(new THREE.Sphere()).radius, half = 15 * Math.PI / 180;  // of the field of view
    return radius / Math.sin(Math.min(half, Math.atan(Math.tan(half) * aspect)));
  }

  draw() {
    const width = this.stage.clientWidth, height = this.stage.clientHeight, radians = Math.PI / 180;
    if (this.around === undefined || width === 0) return;
    this.renderer.setPixelRatio(devicePixelRatio);
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.distance = this.distance || this.farEnough(this.camera.aspect);
    const middle = this.box.getCenter(new THREE.Vector3()), a = this.around * radians, b = this.above * radians;
    const direction = new THREE.Vector3(Math.cos(a) * Math.cos(b), Math.sin(a) * Math.cos(b), Math.sin(b));
    this.camera.up.set(0, 0, 1);
    this.camera.position.copy(middle).addScaledVector(direction, this.distance);
    this.camera.lookAt(middle);
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
    this.light.position.copy(this.camera.position);
    this.light.target.position.copy(middle);
    this.light.target.updateMatrixWorld();
    this.renderer.render(this.scene, this.camera);
    this.names.forEach((name, m) => {
      const p = new THREE.Vector3(...this.meshes[m].centre).project(this.camera);
      name.style.left = `${(p.x + 1) / 2 * width}px`;
      name.style.top = `${(1 - p.y) / 2 * height}px`;
    });
  }
}

function hasWebGl() {
  return element("canvas").getContext("webgl") !== null;
}

function showScene(to, meshes, colours) {
  if (to.dataset.missing) to.append(element("p", {}, "No view in 3-D. " + to.dataset.missing));
  else if (!hasWebGl()) to.append(element("p", {}, "No view in 3-D: this browser has no WebGL."));
  else return new MeshScene(to, meshes, colours);
}
