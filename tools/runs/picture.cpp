#include "tools/runs/picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/step_infos.h"
#include "model/step_sentences.h"
#include "tools/runs/markup.h"
#include "tools/runs/picture_page.h"
#include "tools/runs/picture_parts.h"
#include "traces/input.h"

namespace hmm {
namespace {

// With a head that lets the page have nothing from elsewhere.
constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
)";

constexpr char kKeys[] = R"(<nav class="keys" aria-label="steps">
<button data-key="Home">first</button>
<button data-key="k">back <kbd>k</kbd></button>
<button data-key="j">forth <kbd>j</kbd></button>
<button data-key="End">last</button>
<button data-key="b">{} <kbd>b</kbd></button>
<span class="where" aria-live="polite"></span>
</nav>
)";

const Picture::Call* call_at(const Picture& picture, std::size_t line) {
  for (const auto& call : picture.calls)
    if (call.first <= line && line <= call.last) return &call;
  return nullptr;
}

std::string broken_html(const Picture& picture, std::size_t line) {
  const auto& broken = broken_at(picture, line);
  if (broken.empty()) return "";
  std::string out = "<ul class=\"broken-claims\">\n";
  for (const auto& one : broken) out += fmt::format("<li>broken: {}</li>\n", escaped(one.says));
  return out + "</ul>\n";
}

std::string changes_html(const Picture& picture, std::size_t line) {
  std::string items;
  const auto or_nothing = [](const std::string& text) {
    return text.empty() ? "-" : escaped(text);
  };
  for (std::size_t c = 0; line > 0 && c < picture.table.columns.size(); ++c)
    if (picture.table.lines[line].cells[c].is_changed)
      items += fmt::format("<li>{}: {} &rarr; {}</li>\n", escaped(picture.table.columns[c]),
                           or_nothing(picture.table.lines[line - 1].cells[c].text),
                           or_nothing(picture.table.lines[line].cells[c].text));
  return items.empty() ? "" : "<ul class=\"changes\">\n" + items + "</ul>\n";
}

std::string seen_html(const Picture& picture, const Picture::Call& call) {
  std::string out =
      "<table class=\"seen\"><caption>after the call</caption>\n"
      "<tr><th></th><th>kernel</th><th>model</th></tr>\n";
  for (const auto& one : call.seen)
    out += fmt::format("<tr class=\"{}{}\"><th>{}</th><td>{}</td><td>{}</td></tr>\n",
                       one.differs ? "differs" : "same",
                       &one == first_difference(picture) ? " first" : "", escaped(one.what),
                       escaped(one.kernel), escaped(one.model));
  return out + "</table>\n";
}

std::string says_html(const Picture& picture, std::size_t line) {
  const auto& taken = picture.table.lines[line].taken;
  if (!taken) return "";
  const auto name = step_infos()[taken->kind].name;
  return fmt::format("<p class=\"says\">{} <cite>Kernel: {}</cite></p>\n",
                     escaped(sentence_of_step(name)), escaped(citation_of_step(name)));
}

std::string state_html(const Picture& picture, const StateDrawing& drawing, std::size_t line) {
  const auto& [step, verdict, cells, taken] = picture.table.lines[line];
  const Picture::Call* const call = call_at(picture, line);
  std::string out = fmt::format("<article class=\"state{}\" id=\"step-{}\"{}>\n",
                                broken_at(picture, line).empty() ? "" : " broken", line,
                                breaks_anew(picture, line) ? " data-breaks" : "");
  if (call != nullptr) out += fmt::format("<p class=\"call\">{}</p>\n", escaped(call->says));
  out += fmt::format(
      "<h2 title=\"{}\">{}: {}{}</h2>\n", escaped(hover_text(picture, line)), line,
      line == 0 ? "start" : escaped(step),
      verdict.empty() ? ""
                      : fmt::format(" <span class=\"verdict\">&rarr; {}</span>", escaped(verdict)));
  out += says_html(picture, line) + broken_html(picture, line) + drawing.draw(line) +
         changes_html(picture, line);
  if (call != nullptr && call->last == line) out += seen_html(picture, *call);
  return out + "</article>\n";
}

}  // namespace

const std::vector<BrokenRows>& broken_at(const Picture& picture, std::size_t line) {
  static const std::vector<BrokenRows> none;
  return line < picture.broken.size() ? picture.broken[line] : none;
}

bool breaks_anew(const Picture& picture, std::size_t line) {
  if (const Picture::Call* const call = call_at(picture, line); call != nullptr)
    if (const Compared* const first = first_difference(picture);
        first != nullptr && call->last == line)
      for (const auto& one : call->seen)
        if (&one == first) return true;
  // The claim's name; the rows may change while it stays broken.
  const auto claim = [](const BrokenRows& one) { return one.says.substr(0, one.says.find(':')); };
  for (const auto& one : broken_at(picture, line)) {
    const auto before = line == 0 ? std::vector<BrokenRows>{} : broken_at(picture, line - 1);
    if (std::none_of(before.begin(), before.end(),
                     [&](const auto& other) { return claim(other) == claim(one); }))
      return true;
  }
  return false;
}

const Compared* first_difference(const Picture& picture) {
  for (const auto& call : picture.calls)
    for (const auto& one : call.seen)
      if (one.differs) return &one;
  return nullptr;
}

std::string hover_text(const Picture& picture, std::size_t line) {
  const auto& [step, verdict, cells, taken] = picture.table.lines[line];
  if (line == 0) return "where the run begins";
  if (!taken) return step + " -> " + verdict;
  const auto name = step_infos()[taken->kind].name;
  std::string out = fmt::format("{} -> {}\n{}\nKernel: {}", step, verdict, sentence_of_step(name),
                                citation_of_step(name));
  for (const auto& one : broken_at(picture, line)) out += "\nbroken: " + one.says;
  return out;
}

void require_drawable(const std::string& file, const Scope& scope, std::size_t states) {
  const std::size_t boxes =
      scope.mms * scope.vpns + frames_of(scope) + scope.devices * scope.mirrored_mms * scope.vpns;
  if (boxes > kDrawnBoxes)
    reject({file},
           fmt::format("a scope of at most {} ptes, frames and device ptes to draw", kDrawnBoxes),
           std::to_string(boxes));
  if (states > kDrawnStates)
    reject({file}, fmt::format("at most {} states to draw", kDrawnStates), std::to_string(states));
}

std::string html_of(const Picture& picture) {
  std::string out = fmt::format("{}<title>{}</title>\n<style>\n{}</style>\n<header>\n<h1>{}</h1>\n",
                                kHead, escaped(picture.title), kPageStyle, escaped(picture.title));
  for (const auto& paragraph : picture.story) out += fmt::format("<p>{}</p>\n", escaped(paragraph));
  out += fmt::format(
      "</header>\n{}<main>\n{}<section class=\"chart\" aria-label=\"steps\">\n{}"
      "</section>\n<section class=\"states\" aria-label=\"states\">\n",
      fmt::format(kKeys, picture.calls.empty() ? "breaks a promise" : "first difference"),
      picture.controls, draw_chart(picture));
  const StateDrawing drawing(picture);
  for (std::size_t i = 0; i < picture.table.lines.size(); ++i)
    out += state_html(picture, drawing, i);
  return out + fmt::format("</section>\n</main>\n<script>\n{}</script>\n</html>\n", kPageScript);
}

}  // namespace hmm
