// The page: camera and pictures in, a table and two files out. Everything that came from a code is put in as text, never as markup.

import { decodeQR } from "qr/decode.js";
import { Collection } from "./codes.js";
import { csv, tableOf } from "./tables.js";

const at = (id) => document.getElementById(id);
const codes = new Collection();
let content = null;
let camera = null;

const SAID = {
  foreign: "手帳のコードでも、お薬手帳のコードでもありません。\nNeither a Techo code nor a medicine notebook.",
  mixed: "ほかの人、またはほかの回のコードです。受け取り直すときは「消して始めから」を押してください。\nA code of another set. Press Clear to begin again.",
  known: "",
  changed: "コードの内容がそろいません。「消して始めから」を押して、もう一度読み取ってください。\nThe codes do not fit together. Press Clear and read them again.",
  none: "この画像にQRコードが見つかりません。明るく、まっすぐに写してください。\nNo QR code was found in this picture.",
  noCamera: "カメラを使えません。画像を選んでください。\nThe camera cannot be used; choose pictures.",
  cleared: "消しました。\nCleared.",
};

function say(text) {
  at("said").textContent = text;
}

/** Byte parts of a code: UTF-8 where they are, else Shift_JIS, the encoding of medicine notebooks. */
function words(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("shift_jis").decode(bytes);
  }
}

function read(image, patience) {
  try {
    return decodeQR(image, { textDecoder: words, timeLimit: patience });
  } catch {
    return null;
  }
}

async function take(text) {
  if (content) return;
  const became = codes.take(text);
  show();
  if (became === "whole") {
    content = await codes.content().catch(() => null);
    if (!content) return say(SAID.changed);
    stop();
    present();
  } else if (became === "new") {
    const places = codes.places();
    say(`${places.filter(Boolean).length} / ${places.length}`);
  } else if (SAID[became]) {
    say(SAID[became]);
  }
}

function show() {
  at("places").replaceChildren(
    ...codes.places().map((here, place) => {
      const item = document.createElement("li");
      item.textContent = String(place + 1);
      item.className = here ? "here" : "";
      item.ariaLabel = `${place + 1}: ${here ? "読みました / read" : "まだです / missing"}`;
      return item;
    }),
  );
}

function present() {
  const table = tableOf(content);
  at("title").textContent = table.title;
  at("person").textContent = table.person;
  at("notes").replaceChildren(...table.notes.map((note) => element("li", note)));
  at("rows").replaceChildren(
    ...table.rows.map((row) => {
      const line = document.createElement("tr");
      line.append(...row.map((value) => element("td", value)));
      return line;
    }),
  );
  at("result").hidden = false;
  say(`受け取りました（${table.rows.length}件）。\nReceived: ${table.rows.length}.`);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function save(name, type, parts) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function start() {
  const video = at("video");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    camera = { stream, canvas: document.createElement("canvas") };
    say("患者さんの画面をカメラに向けてください。\nHold the patient's screen to the camera.");
    look();
  } catch {
    stop();
    say(SAID.noCamera);
  }
}

function look() {
  if (!camera) return;
  const video = at("video");
  const { canvas } = camera;
  if (video.videoWidth > 0) {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(video, 0, 0);
    const text = read(pen.getImageData(0, 0, canvas.width, canvas.height), 30);
    if (text) take(text);
  }
  setTimeout(look, 60);
}

function stop() {
  camera?.stream.getTracks().forEach((track) => track.stop());
  camera = null;
  const video = at("video");
  video.srcObject = null;
  video.hidden = true;
}

async function ofPicture(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    const pen = canvas.getContext("2d");
    // A picture may be see-through; codes are read on white.
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0);
    return read(pen.getImageData(0, 0, canvas.width, canvas.height), 2_000);
  } catch {
    return null;
  }
}

at("camera").addEventListener("click", () => (camera ? stop() : start()));
at("pictures").addEventListener("change", async (event) => {
  for (const file of [...event.target.files]) {
    const text = await ofPicture(file);
    if (text) await take(text);
    else say(`${file.name}: ${SAID.none}`);
  }
  event.target.value = "";
});
at("clear").addEventListener("click", () => {
  stop();
  codes.clear();
  content = null;
  at("result").hidden = true;
  ["title", "person", "notes", "rows"].forEach((id) => at(id).replaceChildren());
  show();
  say(SAID.cleared);
});
at("save-original").addEventListener("click", () => {
  if (content.kind === "fhir") save("received.fhir.json", "application/fhir+json", [content.text]);
  else save("received.jahis.txt", "text/plain", [`${content.rows.join("\r\n")}\r\n`]);
});
at("save-csv").addEventListener("click", () => save("received.csv", "text/csv", [csv(tableOf(content).rows)]));
