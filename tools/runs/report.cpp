#include "tools/runs/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdio>

#include "model/domain/enumerators.h"
#include "tools/runs/files.h"

namespace hmm {
namespace {

void print(std::string_view text) {
  fmt::print("{}", text);
  // A row is news when it is there, also to whoever reads a pipe.
  std::fflush(stdout);
}

// A KTAP line ends at `#`, where directives begin, and at the end of the line.
std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '#' || static_cast<unsigned char>(c) < ' ') c = ' ';
  return text;
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

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        // XML has no other control characters, not even as numbers.
        out += static_cast<unsigned char>(c) < ' ' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

}  // namespace

std::string_view name_of(Judgement judgement) { return enumerator_name(judgement); }

Json to_json(const ReportRow& row) {
  Json line{{"name", row.name}};
  line.update(row.facts);
  line["seconds"] = row.seconds;
  line["verdict"] = name_of(row.judgement);
  if (!row.detail.empty()) line["detail"] = row.detail;
  if (!row.trace.empty()) line["trace"] = row.trace;
  return line;
}

std::string to_ktap(const ReportRow& row, std::size_t number) {
  const std::string name = one_line(row.name);
  switch (row.judgement) {
    case Judgement::holds:
      return fmt::format("ok {} {}\n", number, name);
    case Judgement::skipped:
      return fmt::format("ok {} {} # SKIP {}\n", number, name, one_line(row.detail));
    case Judgement::violated:
    case Judgement::undecided:
      break;
  }
  // What is said of a test stands before its result.
  return fmt::format("{}{}not ok {} {}{}\n", diagnostic(row.detail), diagnostic(row.trace), number,
                     name,
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
    const char* const element = row.judgement == Judgement::violated    ? "failure"
                                : row.judgement == Judgement::undecided ? "error"
                                                                        : "skipped";
    cases += fmt::format(">\n    <{} message=\"{}\">{}</{}>\n  </testcase>\n", element,
                         xml(row.detail), xml(row.trace), element);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n{}</testsuite>\n",
      xml(suite), rows.size(), count(Judgement::violated), count(Judgement::undecided),
      count(Judgement::skipped), seconds, cases);
}

Report::Report(std::string suite, Options options)
    : suite_(std::move(suite)), options_(std::move(options)) {}

void Report::begin_ktap() const {
  print(fmt::format("KTAP version 1\n1..{}\n", expected_ == 0 ? rows_.size() : expected_));
}

void Report::expect(std::size_t rows) {
  assert(expected_ == 0 && rows_.empty() && rows != 0);
  expected_ = rows;
  if (options_.form == Form::ktap) begin_ktap();
}

std::string Report::unique(const std::string& name) {
  std::string chosen = name;
  for (unsigned n = 2; !names_.insert(chosen).second; ++n) chosen = fmt::format("{} ({})", name, n);
  return chosen;
}

void Report::add(ReportRow row) {
  row.name = unique(row.name);
  rows_.push_back(std::move(row));
  const ReportRow& last = rows_.back();
  switch (options_.form) {
    case Form::text:
      if (!last.text.empty()) say(last.text);
      break;
    case Form::json:
      object(to_json(last));
      break;
    case Form::ktap:
      if (expected_ != 0) print(to_ktap(last, rows_.size()));
      break;
  }
}

void Report::say(std::string_view text) const {
  if (options_.form != Form::text) return;
  print(text);
  if (!text.ends_with('\n')) print("\n");
}

void Report::object(const Json& object) const {
  if (options_.form != Form::json) return;
  // A name that is not UTF-8 must not keep the rest from being said.
  print(object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

int Report::finish() {
  assert(expected_ == 0 || expected_ == rows_.size());
  if (options_.form == Form::ktap && expected_ == 0) {
    begin_ktap();
    for (std::size_t i = 0; i < rows_.size(); ++i) print(to_ktap(rows_[i], i + 1));
  }
  if (!options_.junit.empty()) write_file(options_.junit, to_junit(suite_, rows_));
  return exit_code();
}

std::size_t Report::count(Judgement judgement) const {
  return static_cast<std::size_t>(std::count_if(
      rows_.begin(), rows_.end(), [&](const ReportRow& r) { return r.judgement == judgement; }));
}

int Report::exit_code() const {
  if (count(Judgement::violated) != 0) return kViolated;
  return count(Judgement::undecided) != 0 ? kUndecided : kHolds;
}

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

}  // namespace hmm
