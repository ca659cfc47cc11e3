#include "tools/runs/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <system_error>

#include "model/domain/enumerators.h"
#include "tools/runs/files.h"
#include "tools/runs/output.h"
#include "traces/input_error.h"

namespace hmm {

std::string_view name_of(Judgement judgement) { return enumerator_name(judgement); }

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
  Json facts = facts_;
  facts.update(row.facts);
  row.facts = std::move(facts);
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
    case Form::none:
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
  print(dump(object) + "\n");
}

int Report::finish() {
  assert(expected_ == 0 || rows_.size() <= expected_);
  if (options_.form == Form::ktap && expected_ == 0) {
    begin_ktap();
    for (std::size_t i = 0; i < rows_.size(); ++i) print(to_ktap(rows_[i], i + 1));
  }
  int code = exit_code();
  if (rows_.size() < expected_ && (code == kHolds || code == kWanting)) code = kUndecided;
  if (rows_.size() < expected_) bail_out("not all verdicts could be given");
  try {
    if (!options_.junit.empty()) write_file(options_.junit, to_junit(suite_, rows_));
  } catch (const InputError& error) {
    warn(error.what());
    // Who reads only that file would see nothing of the run.
    if (code == kHolds) code = kUndecided;
  }
  return code;
}

void Report::refuse(std::string_view why) {
  refused_ = true;
  fmt::print(stderr, "hmmcheck: {}\n", why);
}

void Report::bail_out(std::string_view why) {
  if (options_.form == Form::ktap && expected_ != 0 && !bailed_out_)
    print(fmt::format("Bail out! {}\n", why));
  bailed_out_ = true;
}

void Report::save_last(const std::string& path) {
  ReportRow& row = rows_.back();
  try {
    write_file(path, row.trace);
  } catch (const InputError& error) {
    warn(fmt::format("not saved: {}", error.what()));
    object({{"name", row.name}, {"not_saved", path}, {"reason", error.what()}});
    return;
  }
  row.saved = path;
  say("saved: " + path);
  object({{"name", row.name}, {"saved", path}});
  if (options_.form == Form::ktap) print(fmt::format("# saved {}\n", path));
}

std::size_t Report::count(Judgement judgement) const {
  return static_cast<std::size_t>(std::count_if(
      rows_.begin(), rows_.end(), [&](const ReportRow& r) { return r.judgement == judgement; }));
}

int Report::exit_code() const {
  if (count(Judgement::violated) != 0) return kViolated;
  if (signal_ != 0) return 128 + signal_;
  if (refused_) return kBadInput;
  if (count(Judgement::undecided) != 0) return kUndecided;
  return std::any_of(rows_.begin(), rows_.end(), [](const ReportRow& r) { return r.is_wanting; })
             ? kWanting
             : kHolds;
}

std::string reason_of(const std::exception& error) {
  const std::string what = error.what();
  const auto* const system = dynamic_cast<const std::system_error*>(&error);
  // Threads and files say it of what they need, and the solver in a text of its own.
  const bool is_memory =
      dynamic_cast<const std::bad_alloc*>(&error) != nullptr || what == "out of memory" ||
      (system != nullptr && (system->code() == std::errc::resource_unavailable_try_again ||
                             system->code() == std::errc::not_enough_memory));
  return is_memory ? "out of memory" : what;
}

void decide(ReportRow& row, const std::function<void()>& task) {
  try {
    task();
  } catch (const InputError&) {
    throw;
  } catch (const std::exception& error) {
    row.judgement = Judgement::undecided;
    row.detail = reason_of(error);
  }
}

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

}  // namespace hmm
