#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "model/scopes.h"
#include "model/step_infos.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/kernel_diff.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/conform.h"
#include "traces/profile_file.h"
#include "traces/text.h"

namespace hmm {
namespace {

// Small scopes that have some of everything that is explored.
const std::vector<std::string> kSmall{"tiny",    "fork",   "pages",    "moves",
                                      "devices", "shared", "coherent", "watched"};

// What is changed is the other side.
struct Options : KernelChanges {
  std::string a, b, prove = "pair";
  std::vector<std::string> scopes, recordings;
  std::optional<double> seconds;
  unsigned threads = 2;
  bool all = false;

  // A profile of its own, or the first one's.
  const std::string& other() const { return b.empty() ? a : b; }
};

std::string run_of(const PlainSteps& steps) {
  std::string out;
  for (const auto& step : steps) out += "  " + print_step(step) + "\n";
  return out;
}

const char* effect_of(Verdict v) { return takes_effect(v) ? "" : " (nothing happens)"; }

class Diff {
 public:
  Diff(const Options& o, Report& report) : o_(o), report_(report) {}

  void run() {
    const Profile a = load_profile(o_.a, {"A"});
    const Profile b = o_.changed(load_profile(o_.other(), {o_.b.empty() ? "A" : "B"}));
    const std::string name = o_.other() + o_.changes();
    report_.set_facts({{"a", o_.a}, {"b", name}});
    const Stop stop(o_.seconds);
    DiffOptions options;
    options.scopes = o_.scopes.empty() ? kSmall : o_.scopes;
    options.prove = o_.prove;
    options.threads = o_.threads;
    options.stop = stop.token();
    const KernelDiff d = diff_kernels(a, b, options);
    say_steps(d);
    for (const auto& one : d.differences) add(one);
    add_unseen(d);
    add_promises(d.broken_in_b, d.broken_in_a, b, "newly broken");
    add_promises(d.broken_in_a, d.broken_in_b, a, "mended");
    add_calls(a, b, stop);
    report_.interrupt(stop.signal());
    // A stop may have come while the calls were compared.
    if (!d.is_complete || stop.is_asked()) {
      ReportRow row;
      row.name = "everything was compared";
      row.judgement = Judgement::undecided;
      row.detail = "not to the end: " + joined(d.not_to_the_end) +
                   (stop.is_asked() ? fmt::format(" ({})", stop.reason()) : "");
      row.text = row.detail;
      report_.add(std::move(row));
    }
    if (report_.rows() == 0) {
      ReportRow row;
      row.name = "the kernels are the same";
      report_.add(std::move(row));
    }
    say_verdict(fmt::format("{} -> {}", o_.a, name), d);
  }

 private:
  void say_steps(const KernelDiff& d) const {
    if (d.proofs.empty()) return;
    std::size_t same = 0;
    std::vector<std::string> differ;
    for (const auto& one : d.proofs) {
      same += one.answer == Answer::proved || one.answer == Answer::out_of_scope ? 1 : 0;
      if (one.answer == Answer::refuted) differ.emplace_back(step_infos()[one.step].name);
    }
    report_.say(fmt::format(
        "proved: {} of {} steps are the same in every state of {} that has every property{}", same,
        d.proofs.size(), o_.prove, differ.empty() ? "" : "; not " + joined(differ)));
  }

  void add(const FoundDifference& found) {
    const Difference& what = found.what;
    const auto name = step_infos()[what.kind].name;
    ReportRow row;
    row.judgement = Judgement::violated;
    const std::string way = what.a == what.b
                                ? fmt::format("{}, to another state", name_of(what.a))
                                : fmt::format("{}{} -> {}{}", name_of(what.a), effect_of(what.a),
                                              name_of(what.b), effect_of(what.b));
    row.name = fmt::format("{}: {}", name, way);
    row.detail = fmt::format("{} edges, first after {} steps at {}", grouped(what.edges),
                             what.steps.size(), found.scope);
    row.facts = {
        {"step", name},        {"verdict_a", name_of(what.a)}, {"verdict_b", name_of(what.b)},
        {"edges", what.edges}, {"scope", found.scope},         {"steps", what.steps.size()}};
    row.trace = run_of(what.steps);
    row.text = fmt::format("step {}\n  {}", row.name, row.detail);
    // The shortest of all is what a reader wants first.
    if (o_.all || report_.rows() == 0) row.text += "\n" + row.trace;
    report_.add(std::move(row));
  }

  // Steps of which a proof knows that they differ, and that no search came by.
  void add_unseen(const KernelDiff& d) {
    for (const auto& one : d.proofs) {
      const bool is_seen =
          std::any_of(d.differences.begin(), d.differences.end(),
                      [&](const auto& found) { return found.what.kind == one.step; });
      if (one.answer != Answer::refuted || is_seen) continue;
      ReportRow row;
      row.judgement = Judgement::violated;
      row.name = fmt::format("{}: {} -> {}, in a state that no search came by",
                             step_infos()[one.step].name, name_of(one.a), name_of(one.b));
      row.detail = fmt::format("of {}: {}", o_.prove, print_step(*one.counterexample));
      row.facts = {{"step", step_infos()[one.step].name},
                   {"verdict_a", name_of(one.a)},
                   {"verdict_b", name_of(one.b)},
                   {"scope", o_.prove}};
      row.text = fmt::format("step {}\n  {}", row.name, row.detail);
      report_.add(std::move(row));
    }
  }

  // What breaks in one of them and not in the other.
  void add_promises(const std::vector<FoundBroken>& in, const std::vector<FoundBroken>& not_in,
                    const Profile& here, const char* says) {
    for (const auto& one : in) {
      if (std::any_of(not_in.begin(), not_in.end(),
                      [&](const auto& other) { return other.promise == one.promise; }))
        continue;
      const std::string promise = names_of_properties(one.promise).front();
      ReportRow row;
      row.judgement = Judgement::violated;
      row.name = fmt::format("{}: {}", says, promise);
      row.detail = fmt::format("{} steps at {}", one.steps.size(), one.scope);
      row.facts = {{"promise", promise},
                   {"change", says},
                   {"scope", one.scope},
                   {"steps", one.steps.size()}};
      row.trace = failing_trace(here, one.scope, one.steps, one.promise);
      row.text = fmt::format("promise {}\n  {}", row.name, row.detail);
      if (o_.all || std::exchange(is_first_promise_, false)) row.text += "\n" + row.trace;
      report_.add(std::move(row));
    }
  }

  void add_calls(const Profile& a, const Profile& b, const Stop& stop) {
    for (const auto& file : o_.recordings) {
      const auto calls = different_calls(parse_recording(read_input(file), file),
                                         named_kernel_of_recording(file), a, b, stop.token());
      for (const auto& call : calls) {
        ReportRow row;
        row.judgement = Judgement::violated;
        row.name = fmt::format("{}:{}: {}", call.source, call.line, call.call);
        row.detail = fmt::format("recorded {}, with B {}", call.kernel, call.b);
        row.facts = {{"file", call.source},
                     {"line", call.line},
                     {"call", call.call},
                     {"recorded", call.kernel},
                     {"b", call.b}};
        if (o_.all || told_++ < 5) row.text = fmt::format("call {}: {}", row.name, row.detail);
        report_.add(std::move(row));
      }
      report_.say(
          fmt::format("{}: {} of the recorded traces come out differently", file, calls.size()));
    }
  }

  void say_verdict(const std::string& names, const KernelDiff& d) const {
    const int code = report_.exit_code();
    const char* verdict = code == kUndecided  ? "could not decide"
                          : !d.is_same()      ? "they differ"
                          : code == kViolated ? "they differ in recorded calls"
                          : d.proofs.empty()  ? "the same at the scopes that were explored"
                                              : "the same, proved";
    report_.say(fmt::format("diff {}: {}, {} ways at {} edges, {:.1f} s", names, verdict,
                            d.differences.size(), grouped(d.edges), d.seconds));
  }

  const Options& o_;
  Report& report_;
  std::size_t told_ = 0;  // calls
  bool is_first_promise_ = true;
};

void run(const Options& o, Report& report) {
  for (const auto& scope : o.scopes) require_scope(scope, Engine::explore);
  if (!o.prove.empty()) require_scope(o.prove, Engine::prove);
  if (o.b.empty() && o.sets.empty() && o.drops.empty() && o.mutation.empty())
    reject({"B"}, "another profile, or --set, --drop or --mutate for what A is changed by", "none");
  Diff(o, report).run();
}

}  // namespace

void add_diff(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "diff",
                   "What one kernel does otherwise than another: steps, promises, recorded calls",
                   [o](Report& report) { run(*o, report); });
  verb->add_option("A", o->a, "a shipped profile or a file")->required();
  verb->add_option("B", o->b, "another one; default: A, with what the options change");
  o->add_changes_to(*verb);
  verb->add_option("--scope", o->scopes, "that is explored; default: " + joined(kSmall))
      ->allow_extra_args(false);
  verb->add_option("--recording", o->recordings,
                   "a recording: which of its calls come out differently in B")
      ->allow_extra_args(false);
  verb->add_option("--prove", o->prove, "the scope of the proofs; `` for none")
      ->capture_default_str();
  verb->add_flag("--all", o->all, "the shortest run to each difference, and every call");
  verb->add_option("--seconds", o->seconds, "stop after so long")->check(seconds_above_zero());
  verb->add_option("--threads", o->threads, "")->check(count_from(1, 64))->capture_default_str();
}

}  // namespace hmm
