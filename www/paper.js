// On paper nothing can be unfolded: what is folded is unfolded for it, and folded again.

const unfolded = new Set();

export function watchPaper() {
  window.addEventListener("beforeprint", unfold);
  window.addEventListener("afterprint", foldAgain);
}

function unfold() {
  for (const folded of document.querySelectorAll("#given:not([open]), .folded:not([open])")) {
    unfolded.add(folded);
    folded.open = true;
  }
}

function foldAgain() {
  for (const folded of unfolded) folded.open = false;
  unfolded.clear();
}
