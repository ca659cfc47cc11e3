#include <fmt/format.h>

#include <algorithm>

#include "tools/runs/markup.h"
#include "tools/runs/report.h"

namespace hmm {
namespace {

// A KTAP line ends at `#`, where directives begin, and at the end of the line.
std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '#' || static_cast<unsigned char>(c) < ' ') c = ' ';
  return text;
}

// What it takes to run it again, a line for each.
std::string facts_to_repeat(const ReportRow& row) {
  std::string out;
  for (const char* name : {"profile", "switches", "dropped", "scope", "seed"}) {
    const auto fact = row.facts.find(name);
    if (fact == row.facts.end() || (fact->is_structured() && fact->empty())) continue;
    out +=
        fmt::format("# {} {}\n", name, fact->is_string() ? fact->get<std::string>() : dump(*fact));
  }
  return out;
}

// Text, one diagnostic line for each of its own.
std::string diagnostic(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += fmt::format("# {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string broken_lines(const ReportRow& row) {
  std::string out;
  for (const auto& claim : row.broken) out += fmt::format("# broken: {}\n", claim);
  return out;
}

// Quoted, and what is not UTF-8 replaced.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : Json::parse(dump(Json(std::string(text)))).get<std::string>()) {
    if (const auto entity = entity_of(c); !entity.empty())
      out += entity;
    else if (c == '\n')
      out += "&#10;";
    else  // XML has no other control characters, not even as numbers.
      out += static_cast<unsigned char>(c) < ' ' && c != '\t' ? '?' : c;
  }
  return out;
}

}  // namespace

Json to_json(const ReportRow& row) {
  Json line{{"name", row.name}};
  line.update(row.facts);
  line["seconds"] = row.seconds;
  line["verdict"] = name_of(row.judgement);
  if (!row.detail.empty()) line["reason"] = row.detail;
  if (!row.broken.empty()) line["broken"] = row.broken;
  if (!row.trace.empty()) line["trace"] = row.trace;
  return line;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_ktap(const ReportRow& row, std::size_t number) {
  const std::string name = one_line(row.name), said = facts_to_repeat(row);
  switch (row.judgement) {
    case Judgement::holds:
      return fmt::format("{}ok {} {}\n", said, number, name);
    case Judgement::skipped:
      return fmt::format("{}ok {} {} # SKIP {}\n", said, number, name, one_line(row.detail));
    case Judgement::violated:
    case Judgement::undecided:
      break;
  }
  // What is said of a test stands before its result.
  return fmt::format("{}{}{}{}not ok {} {}{}\n", said, diagnostic(row.detail), broken_lines(row),
                     diagnostic(row.trace), number, name,
                     row.judgement == Judgement::undecided ? " # ERROR could not decide" : "");
}

std::string to_junit(const std::string& suite, const std::vector<ReportRow>& rows) {
  const auto count = [&](Judgement o) {
    return std::count_if(rows.begin(), rows.end(),
                         [&](const ReportRow& r) { return r.judgement == o; });
  };
  std::string cases;
  double seconds = 0;
  for (const ReportRow& row : rows) {
    seconds += row.seconds;
    cases += fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", xml(suite),
                         xml(row.name), row.seconds);
    if (row.judgement == Judgement::holds) {
      cases += "/>\n";
      continue;
    }
    std::string body = facts_to_repeat(row) + broken_lines(row) + row.trace;
    if (!row.saved.empty()) body += fmt::format("# saved {}\n", row.saved);
    const char* const element = row.judgement == Judgement::violated    ? "failure"
                                : row.judgement == Judgement::undecided ? "error"
                                                                        : "skipped";
    cases += fmt::format(">\n    <{} message=\"{}\">{}</{}>\n  </testcase>\n", element,
                         xml(row.detail), xml(body), element);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n{}</testsuite>\n",
      xml(suite), rows.size(), count(Judgement::violated), count(Judgement::undecided),
      count(Judgement::skipped), seconds, cases);
}

}  // namespace hmm
