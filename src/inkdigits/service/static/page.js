// A chosen picture in, its digit on the page out. Without this script the form still posts.
"use strict";

const form = document.querySelector("form");
const button = form.querySelector("button");
const result = document.getElementById("result");
const picture = document.getElementById("picture");
const digit = document.getElementById("digit");
const verdict = document.getElementById("verdict");
const alternatives = document.getElementById("alternatives");
const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1 });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(form);
  showPicture(body.get("file"));
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body });
    const answer = await response.json();
    response.ok ? showAnswer(answer) : showProblem(answer);
  } catch {
    showProblem({ title: "No answer", detail: "the server cannot be reached" });
  } finally {
    button.disabled = false;
    result.hidden = false;
  }
});

function showPicture(file) {
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(file);
}

function showAnswer(answer) {
  digit.textContent = answer.digit ?? "–";
  verdict.textContent = {
    unsure: `Not sure: ${percent.format(answer.confidence)}`,
    not_a_digit: "This looks like no digit",
  }[answer.reason] ?? `Sure: ${percent.format(answer.confidence)}`;
  showAlternatives(answer.alternatives);
}

function showProblem(problem) {
  digit.textContent = "?";
  verdict.textContent = `${problem.title}: ${problem.detail}`;
  showAlternatives([]);
}

function showAlternatives(list) {
  alternatives.replaceChildren(...list.map((other) => {
    const row = document.createElement("tr");
    row.insertCell().textContent = other.digit;
    row.insertCell().textContent = percent.format(other.probability);
    return row;
  }));
  alternatives.closest("table").hidden = list.length === 0;
}
