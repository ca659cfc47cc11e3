#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What a verb that gives verdicts prints and returns, in every form that there is.
namespace hmm {

using Json = nlohmann::ordered_json;

// Wanting is what is skipped for want of something.
inline constexpr int kHolds = 0, kViolated = 1, kBadInput = 2, kUndecided = 3, kWanting = 4;

enum class Judgement { holds, violated, undecided, skipped };

// One verdict.
struct ReportRow {
  std::string name;  // no two rows of a report have the same: a second one gets a number
  Judgement judgement = Judgement::holds;
  std::string detail;  // why it does not hold, in a line
  double seconds = 0;
  Json facts = Json::object();      // numbers and names, as JSON prints them
  std::string text;                 // what people read of it; nothing is printed if it is empty
  std::string trace;                // a run that shows why it does not hold
  std::vector<std::string> broken;  // the claims that do not, and of which rows of the state
  std::string saved;                // where the trace is, once it is
  bool is_wanting = false;          // skipped for want of what can be had, as its detail says
};

enum class Form { text, json, ktap, none };

// Rows are printed as they are added: as text, as a JSON object a line, or as KTAP. A JUnit file,
// if one is asked for, is written beside that once all are there.
class Report {
 public:
  struct Options {
    Form form = Form::text;
    std::string junit;  // a file, or empty
  };
  Report(std::string suite, Options options);

  // How many rows there will be. KTAP says so first, and so prints nothing before finish() if
  // nobody knows.
  void expect(std::size_t rows);
  void add(ReportRow row);
  // What every row from here on is of, beside its own facts.
  void set_facts(Json facts) { facts_ = std::move(facts); }

  // Saves the trace of the row added last, which has been printed by then: what becomes of the file
  // must not keep the verdict from being known.
  void save_last(const std::string& path);
  // Standard output is for something else: only the JUnit file is written, and the exit code said.
  void print_nothing() { options_.form = Form::none; }
  // A signal has ended the run.
  void interrupt(int signal) { signal_ = signal; }

  // What is no verdict: lines for people, and objects for JSON.
  void say(std::string_view text) const;
  void object(const Json& object) const;

  // Prints what is left and gives the exit code of the worst row: a violation counts even if the
  // run was interrupted later.
  int finish();
  // Some of the input was no use: the exit code says so if nothing is violated.
  void refuse(std::string_view why);
  // The run ends here, for what is wrong with its input.
  void bail_out(std::string_view why);
  int exit_code() const;

  std::size_t rows() const { return rows_.size(); }
  std::size_t count(Judgement judgement) const;

 private:
  void begin_ktap() const;
  std::string unique(const std::string& name);

  std::string suite_;
  Options options_;
  std::size_t expected_ = 0;
  int signal_ = 0;
  bool refused_ = false, bailed_out_ = false;
  Json facts_ = Json::object();
  std::set<std::string> names_;
  std::vector<ReportRow> rows_;
};

// What an engine or the machine could not do, in words: `out of memory` for its many names.
std::string reason_of(const std::exception& error);
// Does what sets the row. What is thrown meanwhile is no verdict: the row then says that nobody
// could decide, and why. Input that is refused is none either, and is thrown on.
void decide(ReportRow& row, const std::function<void()>& task);

// JSON in a line; a name that is not UTF-8 does not keep the rest from being said.
std::string dump(const Json& json);

// `holds`, `violated`, ...: how a judgement is called in every form.
std::string_view name_of(Judgement judgement);

// The forms by themselves. KTAP's is the number-th row.
Json to_json(const ReportRow& row);
std::string to_ktap(const ReportRow& row, std::size_t number);
std::string to_junit(const std::string& suite, const std::vector<ReportRow>& rows);

std::string grouped(std::uint64_t n);  // 1,234,567

}  // namespace hmm
