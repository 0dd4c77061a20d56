// A drawing or a picture in, what the service reads in it on the page out.
//
// From top to bottom: the page's parts · what is drawn · the pad · the ways in · asking ·
// showing an answer · showing why · showing the calls · what this server can do.

const at = (id) => document.getElementById(id);
const paper = at("paper"), pad = at("pad"), picture = at("picture"), marks = at("marks");
const answer = at("answer"), digit = at("digit"), why = at("why"), stages = at("stages");
const url = (path) => new URL(path, document.baseURI).href;
const likesDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

/* ---------- what is drawn ---------- */

// Everything that was done, in its order; undo takes the last one back. A stroke is
// {points: [x, y, width, ...]}, in heights of the pad; a picture is {blob, name};
// clearing is {}. What lies before the last of those two is not to be seen.
const SEND_SIDE = { digit: 320, number: 240 }; // px high: of a size that is read at once
const COLOURS = [
  ["Black on white", "#111111", "#ffffff"],
  ["Chalk on a board", "#f4f4ea", "#22312b"],
  ["Blue on cream", "#1f3f8f", "#f6efdc"],
  ["Red on white", "#c4302b", "#ffffff"],
  ["Yellow on blue", "#ffe14d", "#14468c"],
];
let done = [], mode = "digit", colour = COLOURS[0], shownUrl = "";

const startOfView = () => done.findLastIndex((one) => !one.points);
const strokes = () => done.slice(startOfView() + 1);
const chosen = () => { const one = done[startOfView()]; return one?.blob && !strokes().length ? one : null; };
const isEmpty = () => !chosen() && !strokes().length;

/** Give what is to be read: {blob, name, width, height}, or null when nothing is drawn. */
function subject() {
  if (isEmpty()) return null;
  if (chosen()) return chosen();
  const sheet = document.createElement("canvas");
  sheet.height = SEND_SIDE[mode];
  sheet.width = Math.round(sheet.height * paper.width / paper.height);
  paint(sheet.getContext("2d", { willReadFrequently: true }), sheet.height);
  return { blob: toBlob(sheet.toDataURL()), name: `${mode}.png`, width: sheet.width, height: sheet.height };
}

function toBlob(dataUri) {
  const [head, text] = dataUri.split(",");
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5).split(";")[0] });
}

function paint(pen, height) {
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = colour[2];
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.setTransform(height, 0, 0, height, 0, 0);
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = colour[1];
  for (const { points } of strokes()) paintStroke(pen, points, 1 / height);
}

// From middle to middle of its points, bent at them: smooth, and each piece as wide as pressed.
function paintStroke(pen, points, thinnest) {
  let [x, y] = points;
  for (let i = 0; i < points.length; i += 3) {
    const last = i + 3 >= points.length;
    const toX = last ? points[i] : (points[i] + points[i + 3]) / 2;
    const toY = last ? points[i + 1] : (points[i + 1] + points[i + 4]) / 2;
    pen.lineWidth = Math.max(points[i + 2], thinnest);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.quadraticCurveTo(points[i], points[i + 1], toX, toY);
    pen.stroke();
    [x, y] = [toX, toY];
  }
}

function take(one) {
  done.push(one);
  changed(true, true);
}

function undo() {
  done.pop();
  changed(true, true);
}

/* ---------- the pad ---------- */

let redraw = 0;

function show() {
  redraw ||= requestAnimationFrame(() => {
    redraw = 0;
    paint(paper.getContext("2d"), paper.height);
  });
}

function showView() {
  const one = chosen();
  if (one && !one.url) one.url = URL.createObjectURL(one.blob);
  picture.hidden = !one;
  if (one && shownUrl !== one.url) picture.src = shownUrl = one.url;
  picture.alt = one ? `The picture: ${one.about ?? one.name}` : "";
  at("hint").hidden = !isEmpty();
  at("undo").disabled = !done.length;
  at("clear").disabled = isEmpty();
  marks.replaceChildren();
  show();
}

function fit() {
  const scale = devicePixelRatio || 1;
  paper.width = Math.round(paper.clientWidth * scale);
  paper.height = Math.round(paper.clientHeight * scale);
  showBrush();
  show();
}

function mark(kind, attributes) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  return shape;
}

function showBoxes(svg, boxes, { width, height }) {
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(...boxes.map(({ left, top, ...size }) => mark("rect", { x: left, y: top, ...size, rx: height / 100 })));
}

const brush = () => at("brush").value ** 2 / 44 / 400 + 0.0025; // of the pad's height: fine steps where it is thin

function showBrush() {
  at("dot").style.setProperty("--brush", `${Math.max(1, brush() * paper.clientHeight)}px`);
}

function setColour(next) {
  colour = next;
  pad.style.setProperty("--on-pad", `color-mix(in srgb, ${next[1]} 70%, ${next[2]})`);
  changed(true);
}

function offerColours() {
  const dark = likesDark();
  at("colours").append(...COLOURS.map((one, index) => {
    const [label, input, spot] = ["label", "input", "span"].map((kind) => document.createElement(kind));
    const checked = index === Number(dark);
    Object.assign(input, { type: "radio", name: "colours", checked, ariaLabel: one[0], title: one[0] });
    spot.style.setProperty("--pen", one[1]);
    spot.style.setProperty("--sheet", one[2]);
    input.addEventListener("change", () => setColour(one));
    label.append(input, spot);
    return label;
  }));
  setColour(COLOURS[Number(dark)]);
}

/* ---------- the ways in: pen, keys, files ---------- */

let drawing = null; // {id, points} of the pen that is down
const cursor = { x: 0.5, y: 0.5, points: null };

function addPoint(points, event) {
  const box = paper.getBoundingClientRect();
  // Only pens press; a mouse says 0.5 and fingers what they like.
  const press = event.pointerType === "pen" && event.pressure ? 0.35 + 1.3 * event.pressure : 1;
  points.push((event.clientX - box.left) / box.height, (event.clientY - box.top) / box.height, brush() * press);
}

paper.addEventListener("pointerdown", (event) => {
  if (drawing || event.button) return;
  paper.setPointerCapture(event.pointerId);
  if (chosen()) done.push({});
  drawing = { id: event.pointerId, points: [] };
  addPoint(drawing.points, event);
  done.push({ points: drawing.points });
  changed(false);
});

paper.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drawing?.id) return;
  const passed = event.getCoalescedEvents?.() ?? [];
  for (const one of passed.length ? passed : [event]) addPoint(drawing.points, one);
  changed(false);
});

for (const end of ["pointerup", "pointercancel"]) {
  paper.addEventListener(end, (event) => {
    if (event.pointerId !== drawing?.id) return;
    drawing = null;
    changed(true);
  });
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

paper.addEventListener("keydown", (event) => {
  if (event.key === " " || event.key === "Enter") {
    cursor.points = cursor.points ? null : [cursor.x, cursor.y, brush()];
    if (cursor.points) done.push(...(chosen() ? [{}] : []), { points: cursor.points });
  } else if (event.key in STEPS) {
    const [right, down] = STEPS[event.key], step = event.shiftKey ? 0.01 : 0.04;
    cursor.x = Math.min(Math.max(cursor.x + right * step, 0), paper.width / paper.height);
    cursor.y = Math.min(Math.max(cursor.y + down * step, 0), 1);
    cursor.points?.push(cursor.x, cursor.y, brush());
  } else if (event.key === "Delete" || event.key === "Backspace") {
    cursor.points = null;
    if (!isEmpty()) done.push({});
  } else return;
  event.preventDefault();
  changed(!cursor.points);
  showCursor();
});

paper.addEventListener("blur", () => { cursor.points = null; marks.querySelector("circle")?.remove(); });

function showCursor() {
  marks.setAttribute("viewBox", `0 0 ${paper.width / paper.height} 1`);
  marks.replaceChildren(mark("circle", { cx: cursor.x, cy: cursor.y, r: 0.02, class: cursor.points ? "down" : "up" }));
}

/** Take a picture in. What the service does not read, but this browser does, becomes a PNG. */
async function takeFile(file, about) {
  let blob = file;
  if (!/^image\/(png|jpeg)$/.test(file.type)) {
    try {
      const bitmap = await createImageBitmap(file), sheet = document.createElement("canvas");
      const scale = Math.min(1, 2000 / Math.max(bitmap.width, bitmap.height));
      [sheet.width, sheet.height] = [bitmap.width * scale, bitmap.height * scale];
      sheet.getContext("2d").drawImage(bitmap, 0, 0, sheet.width, sheet.height);
      blob = toBlob(sheet.toDataURL());
    } catch {} // no picture: the service says so
  }
  const ending = blob.type === "image/jpeg" ? "jpg" : "png";
  const name = blob === file && /^[\w-]+(\.[\w-]+)*$/.test(file.name ?? "") ? file.name : `picture.${ending}`;
  take({ blob, name, about });
}

for (const id of ["file", "camera"]) {
  at(id).addEventListener("change", (event) => {
    if (event.target.files.length) takeFile(event.target.files[0]);
    event.target.value = "";
  });
}

addEventListener("paste", (event) => {
  const file = event.clipboardData?.files[0];
  if (file) takeFile(file);
});

addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  pad.classList.add("over");
});
addEventListener("dragleave", (event) => { if (!event.relatedTarget) pad.classList.remove("over"); });
addEventListener("drop", (event) => {
  pad.classList.remove("over");
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  takeFile(event.dataTransfer.files[0]);
});

at("examples").addEventListener("click", async (event) => {
  const image = event.target.closest("button")?.firstElementChild;
  if (!image) return;
  const name = image.src.split("/").pop();
  try {
    const blob = await (await fetch(image.src)).blob();
    takeFile(new File([blob], name, { type: blob.type }), image.alt);
  } catch {
    showLost();
  }
});

at("brush").addEventListener("input", showBrush);
at("undo").addEventListener("click", undo);
at("clear").addEventListener("click", () => take({}));
addEventListener("keydown", (event) => {
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || !done.length) return;
  event.preventDefault();
  undo();
});

/* ---------- asking: the newest drawing wins, nothing queues up ---------- */

const PACE_MS = 50; // between two questions while the pen is down
const LEAST = 0.06; // of the pad's height: a shorter stroke is only begun
const WAITS_S = [1, 2, 4, 8];
const SLOW_MS = 150; // from then on the page says that it reads
let asked = null; // the AbortController of the question in flight
let stale = false, paceTimer = 0, retryTimer = 0, slowTimer = 0, failures = 0, key = "";

const way = () => (mode === "number" ? "numbers" : "predict");
const withKey = (headers) => (key ? { ...headers, "X-API-Key": key } : headers);

function post(path, { blob }, signal) {
  const headers = withKey({ "Content-Type": blob.type || "application/octet-stream" });
  return fetch(url(path), { method: "POST", body: blob, headers, signal });
}

/**
 * Note that the view is another one. `whole`: nothing more is to come at once, so ask now. An
 * answer to another picture is `old` at once; to one with a stroke less, when it takes long.
 */
function changed(whole, old = false) {
  if (old) document.body.classList.add("old");
  showView();
  stages.classList.add("stale");
  explaining?.abort();
  stale = true;
  answer.ariaBusy = true;
  if (retryTimer && !isEmpty()) return; // the server asked us to wait; then the newest is sent
  if (whole || isEmpty()) ask();
  else paceTimer ||= setTimeout(() => { paceTimer = 0; if (!asked && !isBegun()) ask(); }, PACE_MS);
}

function isBegun() {
  const [first, ...more] = strokes();
  if (!first || more.length) return false;
  const [x, y] = first.points, start = [x, y, NaN]; // NaN: its width does not count
  return !first.points.some((value, i) => Math.abs(value - start[i % 3]) >= LEAST);
}

async function ask() {
  clearTimeout(paceTimer);
  clearTimeout(retryTimer);
  clearInterval(ticker);
  paceTimer = retryTimer = 0;
  asked?.abort();
  asked = null;
  stale = false;
  const one = subject();
  if (!one) {
    answer.ariaBusy = false;
    return showNothing();
  }
  slowTimer ||= setTimeout(showReading, SLOW_MS);
  const mine = asked = new AbortController();
  const start = performance.now();
  try {
    const response = await post(way(), one, mine.signal);
    const body = await response.json();
    if (mine !== asked) return;
    failures = 0;
    if (response.ok) showAnswer(body, one, performance.now() - start);
    else showProblem(body, Number(response.headers.get("Retry-After")));
    showCalls(body, one);
  } catch {
    if (mine === asked && !mine.signal.aborted) showLost();
  } finally {
    if (mine === asked) {
      asked = null;
      if (stale && !retryTimer) changed(!drawing); // drawn on meanwhile
      else answer.ariaBusy = Boolean(retryTimer);
    }
  }
}

let ticker = 0;

function retryIn(seconds, verdict, remark) {
  let left = seconds;
  const tell = () => `${remark} Trying again in ${left} s.`;
  say("wait", "…", verdict, tell());
  clearInterval(ticker);
  ticker = setInterval(() => { left = Math.max(1, left - 1); at("remark").textContent = tell(); }, 1000);
  retryTimer = setTimeout(ask, 1000 * seconds);
  at("again").hidden = false;
}

at("again").addEventListener("click", ask);
addEventListener("online", () => { if (retryTimer) ask(); });

/* ---------- showing an answer ---------- */

const SPEAK_MS = 700; // a screen reader is told what stays, not each step
const exact = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
let speakTimer = 0;

function percent(share) { // never "100%": nothing is certain
  if (share >= 0.9995) return ">99.9%";
  return share > 0 && share < 0.0005 ? "<0.1%" : exact.format(share);
}

function say(state, large, verdict, remark) {
  clearTimeout(slowTimer);
  slowTimer = 0;
  document.body.classList.remove("old");
  answer.dataset.state = state;
  answer.classList.remove("many");
  digit.classList.remove("row");
  digit.textContent = large;
  at("verdict").textContent = verdict;
  at("remark").textContent = remark;
  for (const id of ["again", "as-number", "key-form"]) at(id).hidden = true;
  clearTimeout(speakTimer);
  const words = [/\d/.test(large) ? large : "", verdict, remark.replace(/\.$/, "")].filter(Boolean);
  speakTimer = setTimeout(() => { at("spoken").textContent = `${words.join(". ")}.`; }, SPEAK_MS);
}

/** What is asked takes long: say so, of another picture aloud, too; the last answer fades. */
function showReading() {
  const another = document.body.classList.contains("old");
  say("reading", "…", "Reading…", "");
  document.body.classList.add("old");
  if (another) at("spoken").textContent = "Reading…";
}

function showNothing() {
  say("idle", "–", "Nothing drawn yet", "The answer stands here while you draw.");
  showNoAnswer();
  at("program").hidden = true;
}

function showNoAnswer() {
  showBars(Array(10).fill(null), null, null);
  showReadings([]);
  at("time").textContent = "";
  showNoWhy();
}

function showAnswer(body, one, took_ms) {
  if (mode === "number") showNumber(body, one);
  else showDigit(body, one);
  const { name, version } = body.model;
  at("time").textContent = `Answered in ${took_ms.toFixed(took_ms < 10 ? 1 : 0)} ms by ${name} ${version}.`;
}

const LEAST_SHOWN = 0.0005;

function verdictOf({ accepted, reason, confidence, alternatives, hint, not_a_digit: none = 0 }, name) {
  if (accepted) return ["sure", "Sure", `${percent(confidence)} likely.`];
  if (hint === "several_digits" && reason === "not_a_digit") return ["none", "Several digits", `It is no single digit (${percent(confidence)} likely), and here one is read at a time.`];
  if (reason === "not_a_digit") {
    const likely = confidence ? ` (${percent(confidence)} likely)` : "";
    return ["none", name === "number" ? "Not a number" : "Not a digit", `Something is drawn, but it is none of 0 to 9${likely}.`];
  }
  if (reason === "not_as_expected") return ["none", "Not as expected", "None of what was expected is there."];
  const outcomes = [...alternatives.map((one) => [one[name], one.probability]), ["no digit", none]];
  const likely = outcomes.filter((one) => one[1] >= LEAST_SHOWN).sort((one, other) => other[1] - one[1]);
  const [best, next] = likely.map(([what, share]) => `${what} (${percent(share)})`);
  const told = best ? `Perhaps ${best}${next ? `, or ${next}` : ""}.` : "It may be something else.";
  if (reason === "not_calibrated") return ["unsure", "Not calibrated", `${told} Nobody has measured when this model can be relied on.`];
  return ["unsure", "Not sure", told];
}

function showDigit(body, one) {
  const [state, verdict, remark] = verdictOf(body, "digit");
  say(state, body.digit ?? "–", verdict, remark);
  showBars(body.probabilities, body.not_a_digit, body.digit);
  at("as-number").hidden = body.hint !== "several_digits" || at("modes").hidden;
  at("calibrated").hidden = body.reason === "not_calibrated";
  if (chosen() && body.box) whenShown(one, (size) => showBoxes(marks, [body.box], size));
  explainSoon(one);
}

function showNumber(body, one) {
  const [state, verdict, remark] = verdictOf(body, "number");
  say(state, (body.text || body.number || "–").replaceAll("\n", ", "), verdict, remark);
  const lines = body.lines?.length ? body.lines : [body];
  const read = lines.flatMap((line) => line.digits);
  if (read.length) {
    const rows = lines.map((line) => line.digits.map(cellOf));
    digit.replaceChildren(...rows.flatMap((cells, index) => (index ? [document.createElement("hr"), ...cells] : cells)));
    digit.classList.add("row");
  }
  answer.classList.add("many");
  showReadings(body.alternatives.map((other) => [other.number, other.probability]));
  whenShown(one, (size) => showBoxes(marks, read.map((part) => part.box).filter(Boolean), size));
}

function cellOf(part) {
  const cell = document.createElement("span"), sure = document.createElement("small");
  sure.textContent = percent(part.confidence);
  cell.append(part.digit ?? "–", sure);
  return cell;
}

// A picture's own size is known once it is shown; the answer may come first.
async function whenShown(one, then) {
  if (one.url) await picture.decode().catch(() => {});
  if (one.url && one !== chosen()) return;
  then(one.url ? { width: picture.naturalWidth, height: picture.naturalHeight } : one);
}

function row(label, share, best) {
  const [item, name, bar, value] = ["li", "b", "i", "span"].map((kind) => document.createElement(kind));
  name.textContent = label;
  bar.style.setProperty("--share", share ?? 0);
  value.textContent = share === null ? "" : percent(share);
  item.className = best ? "best" : "";
  item.append(name, bar, value);
  return item;
}

function showBars(probabilities, notADigit, best) {
  const digits = probabilities.map((share, index) => row(index, share, String(index) === best));
  // A model of ten classes knows no "no digit": then there is no number beside it.
  const bars = at("bars"), wanted = [...digits, row("no digit", notADigit || null, notADigit > 0 && best === null)];
  if (!bars.childElementCount) return bars.replaceChildren(...wanted);
  wanted.forEach((item, index) => { // kept, so that the bars move rather than jump
    const old = bars.children[index];
    old.className = item.className;
    old.children[1].style.setProperty("--share", item.children[1].style.getPropertyValue("--share"));
    old.children[2].textContent = item.children[2].textContent;
  });
}

function showReadings(readings) {
  at("readings").replaceChildren(...readings.map(([text, share], index) => row(text, share, !index)));
  at("others").hidden = mode !== "number" || !readings.length;
  at("odds").hidden = mode === "number";
}

const megabytes = (bytes) => `${(bytes / 1048576).toFixed(1)} MB`;
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const tooLarge = ({ detail, found, allowed }) =>
  detail.includes("bytes") ? `This file has ${megabytes(found)}; up to ${megabytes(allowed[0])} can be read.` : sentence(detail);
const FAULTS = {
  "image-too-large": ["Too large", tooLarge],
  "unsupported-image": ["Not a picture that can be read", () => "PNG and JPEG can be."],
  "broken-image": ["Damaged picture", () => "The file is empty, cut short or damaged. Perhaps save it anew."],
  unauthorized: ["A key is needed", () => (key ? "This key is not known here." : "This server answers only who shows a key.")],
};
const WAITS = {
  overloaded: ["The server is full", "Many are asking at this moment."],
  "too-many-requests": ["The server is full", "Too much was asked at once."],
  draining: ["The server is about to restart", "It will be back."],
  "deadline-exceeded": ["It took too long", "The server is busy."],
};

function showProblem(problem, wait_s) {
  showNoAnswer();
  if (problem.code in WAITS) return retryIn(wait_s || 2, ...WAITS[problem.code]);
  if (problem.code === "blank-image") return say("blank", "○", "Nothing drawn", "There is no ink in this picture.");
  const [verdict, remark] = FAULTS[problem.code] ?? [problem.title, ({ detail }) => sentence(detail)];
  say("fault", "!", verdict, remark(problem));
  at("key-form").hidden = problem.code !== "unauthorized";
}

function setKey(next) {
  key = next;
  try { sessionStorage.apiKey = next; } catch {} // forbidden: then it lasts as long as the page
}

at("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  setKey(at("key").value.trim());
  at("key").value = "";
  askWhatIsThere();
  ask();
});

function showLost() {
  showNoAnswer();
  const wait_s = WAITS_S[Math.min(failures++, WAITS_S.length - 1)];
  if (navigator.onLine) retryIn(wait_s, "The server does not answer", "It may have been stopped.");
  else retryIn(wait_s, "You are offline", "There is no way to the server.");
}

/* ---------- showing why: only what is on screen, and only once the pen rests ---------- */

const EXPLAIN_MS = 250;
const CLASSIC_WAY = "the whole picture shrunk to 28×28, white taken for ink";
let explaining = null, explainTimer = 0, whySeen = false, unexplained = null;

function explainSoon(one) {
  unexplained = one;
  clearTimeout(explainTimer);
  explainTimer = setTimeout(explain, EXPLAIN_MS);
}

async function explain() {
  const one = unexplained;
  if (why.hidden || !whySeen || !one || drawing) return;
  unexplained = null;
  const mine = explaining = new AbortController();
  try {
    const response = await post("explain", one, mine.signal);
    const body = await response.json();
    if (mine.signal.aborted) return;
    if (response.ok) return showWhy(body);
    if (response.status === 503) explainTimer = setTimeout(() => { unexplained = one; explain(); }, 2000);
  } catch {} // aborted, or lost: the answer says so
}

new IntersectionObserver(([seen]) => {
  whySeen = seen.isIntersecting;
  if (whySeen) explain();
}).observe(why);

function showWhy(body) {
  for (const name of ["image", "ink", "glyph", "matched", "sample"]) {
    const stage = body[name];
    at(`stage-${name}`).closest("li").hidden = !stage;
    if (stage) setImage(at(`stage-${name}`), stage.png);
  }
  at("stage-image").classList.toggle("grid", body.image.width <= 64);
  if (body.glyph) showBoxes(at("stage-box"), [body.glyph.box], body.ink);
  showOcclusion(body.occlusion, body.sample.values);
  at("classic").hidden = !body.classic;
  if (body.classic) showClassic(body.classic, body.prediction);
  stages.classList.remove("stale");
}

// The tiles stay, so that nothing below them moves when they are filled.
function showNoWhy() {
  for (const image of stages.querySelectorAll("img")) image.removeAttribute("src");
  at("stage-box").replaceChildren();
  at("classic-digit").textContent = "";
  at("classic-said").textContent = CLASSIC_WAY;
  at("occlusion").getContext("2d").clearRect(0, 0, 28, 28);
}

function setImage(image, dataUri) {
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(toBlob(dataUri));
}

function showClassic({ prediction, sample }, ours) {
  setImage(at("classic-sample"), sample.png);
  const [best] = prediction.alternatives;
  at("classic-digit").textContent = best.digit;
  const same = best.digit === ours.digit ? "reads the same" : `reads ${best.digit}`;
  const said = `${prediction.model.name} ${same}, ${percent(best.probability)} sure.`;
  at("classic-said").textContent = `${CLASSIC_WAY}: ${said}`;
}

// White paper, grey ink; over it orange where ink spoke for the answer, blue where against.
function showOcclusion(map, values) {
  const pen = at("occlusion").getContext("2d"), image = pen.createImageData(28, 28);
  const most = Math.max(...map.flat().map(Math.abs), 1e-6);
  map.flat().forEach((nats, index) => {
    const share = Math.sqrt(Math.abs(nats) / most), ink = values[Math.floor(index / 28)][index % 28];
    const hue = nats >= 0 ? [226, 106, 12] : [31, 95, 188], under = 255 - 70 * ink;
    const strength = share * (0.12 + 0.88 * ink);
    hue.forEach((tone, channel) => { image.data[4 * index + channel] = under + (tone - under) * strength; });
    image.data[4 * index + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
}

/* ---------- the answer as JSON, and the calls that get it ---------- */

function showCalls(body, one) {
  const path = url(way());
  const inOneLine = (part) => (part.length < 400 ? part.replace(/\s+/g, " ") : part);
  at("json").textContent = JSON.stringify(body, null, 2).replace(/\[[-\d.,e\s]*\]|\{[^{}[\]]*\}/g, inOneLine);
  at("curl").textContent = `curl -sF file=@${one.name}${key && ' -H "X-API-Key: $KEY"'} ${path}`;
  at("python").textContent = `import json${key && "\nimport os"}
from pathlib import Path
from urllib.request import Request, urlopen

picture = Path("${one.name}").read_bytes()
with urlopen(Request("${path}", picture${key && ', {"X-API-Key": os.environ["KEY"]}'})) as answer:
    print(json.load(answer)["${mode}"])`;
  URL.revokeObjectURL(at("save").href);
  at("save").href = URL.createObjectURL(one.blob);
  at("save").download = one.name;
  at("program").hidden = false;
}

addEventListener("click", async ({ target }) => {
  if (!target.dataset?.copies) return;
  const text = at(target.dataset.copies);
  try {
    await navigator.clipboard.writeText(text.textContent);
    target.textContent = "Copied";
  } catch { // not over TLS: the browser keeps its clipboard
    getSelection().selectAllChildren(text);
    target.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => { target.textContent = "Copy"; }, 1500);
});

/* ---------- what this server can do, and how the page looks ---------- */

function setMode(next, kept = []) {
  mode = next;
  done = kept;
  pad.classList.toggle("wide", mode === "number");
  why.hidden = mode === "number" || !features.includes("explain");
  fit();
  changed(true, true);
}

at("as-number").addEventListener("click", () => {
  at("modes").querySelector("[value=number]").checked = true;
  setMode("number", done);
});

let features = [];

async function askWhatIsThere() {
  try {
    const response = await fetch(url("models"), { headers: withKey({}) });
    if (!response.ok) return;
    features = (await response.json()).features;
  } catch {
    return; // the first question will tell
  }
  why.hidden = !features.includes("explain");
  at("modes").hidden = !features.includes("numbers");
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  at("theme").ariaPressed = dark;
}

at("theme").addEventListener("click", () => {
  const dark = at("theme").ariaPressed !== "true";
  setTheme(dark);
  try { localStorage.theme = dark ? "dark" : "light"; } catch {} // forbidden: then not kept
});
at("modes").addEventListener("change", (event) => setMode(event.target.value));

try { key = sessionStorage.apiKey ?? ""; } catch {}
try { if (localStorage.theme) setTheme(localStorage.theme === "dark"); } catch {}
if (!document.documentElement.dataset.theme) at("theme").ariaPressed = likesDark();
offerColours();
new ResizeObserver(fit).observe(paper);
askWhatIsThere();
