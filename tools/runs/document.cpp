#include "tools/runs/document.h"

#include <fmt/format.h>

#include "tools/runs/markup.h"

namespace hmm {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --mark: #ffe08a; --line: #8888; }
@media (prefers-color-scheme: dark) { :root { --mark: #6b5200; } }
body { font: 15px/1.5 sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; }
pre, table { font: 13px/1.4 monospace; overflow-x: auto; }
table { border-collapse: collapse; display: block; }
th, td { border: 1px solid var(--line); padding: 1px 6px; text-align: left; white-space: nowrap; }
td.changed { background: var(--mark); font-weight: bold; }
)";

std::string indented(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) out += "    " + text.substr(at, end - at);
    out += "\n";
    at = end + 1;
  }
  return out;
}

std::string html_of(const TraceTable& table) {
  std::string out = "<table><tr><th>#</th><th>step</th><th>verdict</th>";
  for (const auto& column : table.columns) out += fmt::format("<th>{}</th>", escaped(column));
  out += "</tr>\n";
  for (std::size_t i = 0; i < table.lines.size(); ++i) {
    const auto& line = table.lines[i];
    out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td>", i, escaped(line.step),
                       escaped(line.verdict));
    for (const auto& cell : line.cells)
      out += fmt::format("<td{}>{}</td>", cell.is_changed ? " class=\"changed\"" : "",
                         escaped(cell.text));
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace

void Document::heading(unsigned level, std::string text) {
  parts_.push_back({Kind::heading, level, std::move(text), {}});
}
void Document::paragraph(std::string text) {
  parts_.push_back({Kind::paragraph, 0, std::move(text), {}});
}
void Document::item(std::string text) { parts_.push_back({Kind::item, 0, std::move(text), {}}); }
void Document::code(std::string text) { parts_.push_back({Kind::code, 0, std::move(text), {}}); }
void Document::table(TraceTable table) { parts_.push_back({Kind::table, 0, {}, std::move(table)}); }

std::string Document::markdown(std::size_t width) const {
  std::string out;
  bool was_item = false;
  for (const auto& part : parts_) {
    const bool is_item = part.kind == Kind::item;
    if (!out.empty() && !(is_item && was_item)) out += "\n";
    was_item = is_item;
    switch (part.kind) {
      case Kind::heading:
        out += wrapped(std::string(part.level, '#') + " " + part.text, width, 0);
        break;
      case Kind::paragraph:
        out += wrapped(part.text, width, 0);
        break;
      case Kind::item:
        out += wrapped("* " + part.text, width, 2);
        break;
      case Kind::code:
        out += indented(part.text);
        break;
      case Kind::table:
        out += indented(print_table(part.table, width - 4));
        break;
    }
  }
  return out;
}

std::string Document::html(const std::string& title) const {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{}</title>\n"
      "<style>{}</style>\n",
      escaped(title), kStyle);
  bool was_item = false;
  for (const auto& part : parts_) {
    const bool is_item = part.kind == Kind::item;
    if (is_item != was_item) out += is_item ? "<ul>\n" : "</ul>\n";
    was_item = is_item;
    switch (part.kind) {
      case Kind::heading:
        out += fmt::format("<h{0}>{1}</h{0}>\n", part.level, escaped(part.text));
        break;
      case Kind::paragraph:
        out += fmt::format("<p>{}</p>\n", escaped(part.text));
        break;
      case Kind::item:
        out += fmt::format("<li>{}</li>\n", escaped(part.text));
        break;
      case Kind::code:
        out += fmt::format("<pre>{}</pre>\n", escaped(part.text));
        break;
      case Kind::table:
        out += html_of(part.table);
        break;
    }
  }
  return out + (was_item ? "</ul>\n" : "") + "</html>\n";
}

}  // namespace hmm
