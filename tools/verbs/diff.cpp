#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "model/scopes.h"
#include "model/step_infos.h"
#include "tools/runs/diff_ends.h"
#include "tools/runs/diff_report.h"
#include "tools/runs/diff_rows.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/files.h"
#include "tools/runs/output.h"
#include "tools/runs/rules_build.h"
#include "tools/verbs/common.h"
#include "tools/verbs/diff_arguments.h"
#include "tools/verbs/verbs.h"
#include "traces/conform.h"
#include "traces/profile_file.h"
#include "traces/text.h"

namespace hmm {
namespace {

// Small scopes that have some of everything that is explored.
const std::vector<std::string> kSmall{"tiny",   "fork",     "pages",   "moves", "devices",
                                      "shared", "coherent", "watched", "ranges"};

class Diff {
 public:
  Diff(const DiffArguments& o, Report& report) : o_(o), report_(report) {
    story_.a = o.a;
    story_.b = o.other() + o.changes();
    story_.command = o.command();
    story_.options_b = o.options_of_b();
    story_.kernel_a = o.kernel_a();
    story_.kernel_b = o.kernel_b();
    if (!o.defects) {
      story_.left_out = common_defects(story_.kernel_a, story_.kernel_b);
      std::tie(story_.kernel_a, story_.kernel_b) =
          without_common_defects(story_.kernel_a, story_.kernel_b);
    }
    story_.recordings = o.recordings;
    if (!o.report.empty()) require_writable(o.report);
    for (const Profile* k : {&story_.kernel_a, &story_.kernel_b})
      if (!o.recordings.empty()) require_conform(k->rules, "--recording");
    for (const auto& file : o.recordings)
      recordings_.push_back(
          {parse_recording(read_input(file), file), named_kernel_of_recording(file)});
  }

  void run() {
    const Profile &a = story_.kernel_a, &b = story_.kernel_b;
    report_.set_facts({{"a", story_.a}, {"b", story_.b}});
    const Stop stop(o_.seconds);
    DiffOptions options;
    options.scopes = scopes_of(a, b);
    options.prove = scope_of_proofs(a, b);
    options.prove_elsewhere = !o_.prove;
    story_.prove = options.prove;
    options.threads = o_.threads;
    options.stop = stop.token();
    options.first = [&](const FoundDifference& first) { say_first(first); };
    story_.diff = diff_kernels(a, b, options);
    const KernelDiff& d = story_.diff;
    say_steps(d);
    ends_ = diff_ends(a, b, scopes_of_ends(a, b, !d.is_same(), o_.ends), o_.threads, stop);
    if (!story_.left_out.empty())
      report_.say(fmt::format("known defects of both, left out: {}; --defects keeps them",
                              joined(story_.left_out)));
    // The first that was found has been shown.
    for (const auto& one : d.differences) add(row_of_difference(one, a, b), false);
    for (const auto& one : d.proved_only) report_.add(row_of_proved_only(one, story_.options_b));
    add_promises();
    add_ends();
    if (!o_.until.empty()) say_observed(stop);
    add_calls(stop);
    report_.interrupt(stop.signal());
    add_rest(stop);
    say_not_asked();
    if (report_.rows() == 0) {
      ReportRow row;
      row.name = "the kernels are " + how_they_are_the_same();
      row.facts = {{"scopes", options.scopes},
                   {"proved_at", d.proved_at},
                   {"steps_proved_same", d.steps(Answer::proved)},
                   {"steps_not_there", d.steps(Answer::out_of_scope)}};
      report_.add(std::move(row));
    }
    story_.verdict = verdict();
    report_.say(story_.verdict);
    write_report();
  }

 private:
  // Those that are asked for must be there, in both texts.
  std::vector<std::string> scopes_of(const Profile& a, const Profile& b) const {
    for (const auto& scope : o_.scopes)
      for (const Profile* k : {&a, &b}) require_scope(scope, Engine::explore, k->rules);
    std::vector<std::string> scopes;
    for (const auto& scope : o_.scopes)
      if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) scopes.push_back(scope);
    if (!scopes.empty()) return scopes;
    const auto both = [&](const std::string& scope) {
      return is_built(scope, Engine::explore, a.rules) && is_built(scope, Engine::explore, b.rules);
    };
    for (const auto& scope : kSmall)
      if (both(scope)) scopes.push_back(scope);
    // What edited rules were built for is what is to be asked of them.
    if (!a.rules.empty() || !b.rules.empty())
      for (const auto& row : kScopes)
        if (both(row.name) && std::find(kSmall.begin(), kSmall.end(), row.name) == kSmall.end())
          scopes.emplace_back(row.name);
    if (scopes.empty() && scope_of_proofs(a, b).empty())
      reject({"B"}, "a scope that both sides are built for",
             fmt::format("{} at {}, {} at {}", story_.a, joined(built_scopes(a.rules)), story_.b,
                         joined(built_scopes(b.rules))));
    return scopes;
  }
  std::string scope_of_proofs(const Profile& a, const Profile& b) const {
    if (o_.prove)
      for (const Profile* k : {&a, &b})
        if (!o_.prove->empty()) require_scope(*o_.prove, Engine::prove, k->rules, "--prove");
    return o_.prove ? *o_.prove : hmm::scope_of_proofs(a, b);
  }

  void say_steps(const KernelDiff& d) const {
    if (d.proofs.empty()) {
      if (!o_.prove) report_.say("nothing is proved: no scope of proofs is built for both");
      return;
    }
    std::vector<std::string> differ;
    for (const auto& one : d.proofs)
      if (one.answer == Answer::refuted) differ.emplace_back(step_infos()[one.step].name);
    report_.say(fmt::format(
        "proved: {} of {} steps are the same in every state of {} that has every property{}{}",
        d.steps(Answer::proved), d.proofs.size(), d.proved_at,
        differ.empty() ? "" : "; not " + joined(differ),
        d.steps(Answer::out_of_scope) == 0
            ? ""
            : fmt::format("; {} cannot happen there", d.steps(Answer::out_of_scope))));
    say_what_proofs_miss();
  }

  // What two at once do otherwise does not show where there is one at a time.
  void say_what_proofs_miss() const {
    const Scope& scope = scope_named(story_.prove)->scope;
    if (scope.invalidations < 2 || scope.migrations < 2)
      report_.say(
          fmt::format("at {} one notifier range and one migration are under way at a time: "
                      "what two at once do otherwise is not seen there",
                      story_.prove));
  }

  // With the run to it where each is asked for, or where it is the first.
  void add(ReportRow row, bool is_first) {
    if (o_.all || is_first) row.text += "\n" + row.trace;
    report_.add(std::move(row));
  }

  void say_first(const FoundDifference& first) const {
    report_.say(fmt::format("first difference found, after {} steps at {}: {}\n{}",
                            first.what.steps.size(), first.scope, name_of(first.what),
                            trace_of(first, story_.kernel_a, story_.kernel_b)));
  }

  void add_promises() {
    const KernelDiff& d = story_.diff;
    bool is_first = true;
    for (const auto& one : d.newly_broken())
      add(row_of_promise(one, story_.kernel_b, "newly broken"), std::exchange(is_first, false));
    for (const auto& one : d.mended())
      add(row_of_promise(one, story_.kernel_a, "mended"), std::exchange(is_first, false));
    for (const auto& one : d.not_known())
      add(row_of_not_known(one, one.in_b ? story_.kernel_b : story_.kernel_a), false);
  }

  void add_ends() {
    for (const auto& one : ends_.found) {
      ReportRow row = row_of_ends(one);
      story_.ends.push_back(row.name + ": " + row.detail);
      add(std::move(row), false);
    }
    if (!ends_.scopes.empty())
      report_.say(fmt::format("what ends was asked at {}{}", joined(ends_.scopes),
                              o_.ends ? "" : "; --ends asks at more"));
  }

  void say_observed(const Stop& stop) {
    if (story_.diff.differences.empty()) {
      story_.observed = "no search came by a difference to go on from";
      return report_.say("observed: " + story_.observed);
    }
    ObservedOptions options;
    options.stop = stop.token();
    const ObservedResult r =
        observe(story_.diff.differences, story_.kernel_a, story_.kernel_b, options);
    Json facts = {{"pairs", r.pairs}, {"observed", r.found.has_value()}};
    if (r.found) {
      facts.update({{"scope", r.found->scope},
                    {"steps", r.found->steps.size()},
                    {"what", r.found->what},
                    {"a", r.found->a},
                    {"b", r.found->b}});
      story_.observed =
          fmt::format("{} differs: {} in A, {} in B, after {} steps at {}", r.found->what,
                      r.found->a, r.found->b, r.found->steps.size(), r.found->scope);
      story_.observed_steps = *r.found;
    } else {
      story_.observed = fmt::format(
          "{} whatever both go on to do from the differences above, in {} pairs of states",
          r.is_complete ? "no program sees the difference," : "nobody could say, but none saw it:",
          grouped(r.pairs));
    }
    report_.object({{"until", facts}});
    std::string text = "observed: " + story_.observed;
    if (r.found)
      for (const auto& step : r.found->steps) text += "\n  " + print_step(step);
    report_.say(text);
  }

  void add_calls(const Stop& stop) {
    for (const auto& [recording, kernel] : recordings_) {
      const auto [calls, traces, unknown_in_a, unknown_in_b] =
          different_calls(recording, kernel, o_.kernel_a(), o_.kernel_b(), stop.token());
      story_.calls.insert(story_.calls.end(), calls.begin(), calls.end());
      for (const auto& call : calls) {
        ReportRow row = row_of_call(call);
        if (!o_.all && told_++ >= 5) row.text.clear();
        report_.add(std::move(row));
      }
      report_.say(fmt::format("{}: {} of the recorded traces come out differently{}",
                              recording.source, calls.size(),
                              unknown_in_a == 0 && unknown_in_b == 0
                                  ? ""
                                  : fmt::format("; of {}, {} end at a call that A does not know, "
                                                "and {} at one that B does not",
                                                traces, unknown_in_a, unknown_in_b)));
      if (unknown_in_a != unknown_in_b)
        add_undecided("every recorded call was compared",
                      fmt::format("{}: where one of the two does not know a call, what comes after "
                                  "is not compared",
                                  recording.source));
    }
  }

  std::string how_they_are_the_same() const {
    const KernelDiff& d = story_.diff;
    if (d.proofs.empty()) return "the same at the scopes that were explored";
    if (d.steps(Answer::out_of_scope) == 0)
      return (says_calls() ? "the same" : "the same in every step") +
             (", proved at " + d.proved_at);
    return fmt::format(
        "the same at the scopes that were explored, and proved at {} but for {} "
        "steps that cannot happen there",
        d.proved_at, d.steps(Answer::out_of_scope));
  }

  // A stop may have come while the calls were compared.
  void add_rest(const Stop& stop) {
    const KernelDiff& d = story_.diff;
    std::vector<std::string> rest;
    if (!d.is_complete) rest.push_back(d.rest());
    if (!ends_.not_to_the_end.empty())
      rest.push_back("what ends at " + joined(ends_.not_to_the_end));
    if (!rest.empty() || stop.is_asked())
      add_undecided("everything was compared",
                    "not to the end: " + joined(rest) +
                        (stop.is_asked() ? fmt::format(" ({})", stop.reason()) : ""));
    // What differs is known without these.
    if (d.is_same() && !d.not_compared.empty())
      add_undecided("each step was compared",
                    fmt::format("neither proved nor explored: {}", joined(d.not_compared)));
  }
  void add_undecided(const char* name, const std::string& detail) {
    ReportRow row;
    row.name = name;
    row.judgement = Judgement::undecided;
    row.detail = row.text = detail;
    report_.add(std::move(row));
    is_undecided_ = true;
  }

  // Two are one and the same, or their calls were compared.
  bool says_calls() const { return !o_.recordings.empty() || story_.kernel_a == story_.kernel_b; }
  void say_not_asked() {
    if (says_calls() || !story_.diff.is_same()) return;
    story_.not_asked.emplace_back("recorded calls were not compared: --recording FILE does that");
    report_.say(story_.not_asked.back());
  }

  std::string verdict() const {
    const KernelDiff& d = story_.diff;
    std::string verdict = how_they_are_the_same();
    if (!d.is_same())
      verdict = "they differ";
    else if (!ends_.found.empty())
      verdict = "they differ in what ends";
    else if (!story_.calls.empty())
      verdict = "they differ in recorded calls";
    else if (is_undecided_ || report_.exit_code() != 0)
      verdict = "could not decide";
    return fmt::format("diff {} -> {}: {}, {} ways at {} edges, {:.1f} s", story_.a, story_.b,
                       verdict, d.differences.size(), grouped(d.edges), d.seconds);
  }

  // The answer is known by now: a file that cannot be written is no verdict.
  void write_report() const {
    if (o_.report.empty()) return;
    const bool is_html = o_.report.ends_with(".html") || o_.report.ends_with(".htm");
    try {
      write_file(o_.report, is_html ? diff_html(story_) : diff_markdown(story_));
    } catch (const InputError& e) {
      warn(e.what());
    }
  }

  const DiffArguments& o_;
  Report& report_;
  DiffStory story_;
  std::vector<std::pair<Recording, SwapKernel>> recordings_;
  EndsDiff ends_;
  std::size_t told_ = 0;  // calls
  bool is_undecided_ = false;
};

void run(const DiffArguments& o, Report& report) {
  if (!o.rules.empty() && (o.a.starts_with(kRulesPrefix) || o.b.starts_with(kRulesPrefix)))
    reject({"--rules"}, "one rules build, here or as A or B", o.rules);
  if (o.b.empty() && o.changes().empty())
    reject({"B"}, "another profile, or --set, --drop, --mutate or --rules for what A is changed by",
           "none");
  Diff(o, report).run();
}

}  // namespace

void add_diff(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<DiffArguments>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "diff",
                   "What one kernel does otherwise than another: steps, promises, recorded calls",
                   [o](Report& report) { run(*o, report); });
  verb->add_option("A", o->a, "a shipped profile, a file, or rules:NAME of tools/rules")
      ->required();
  verb->add_option("B", o->b, "another one; default: A, with what the options change");
  o->add_changes_to(*verb);
  verb->add_option("--scope", o->scopes, "that is explored; default: " + joined(kSmall))
      ->allow_extra_args(false);
  verb->add_option("--recording", o->recordings,
                   "a recording: which of its calls come out differently in B")
      ->allow_extra_args(false);
  verb->add_option("--prove", o->prove, "the scope of the proofs, or `` for none; default: large");
  verb->add_flag("--defects", o->defects,
                 "keep the defects of `list defects` that both have and that break promises: what "
                 "breaks for their sake hides what else breaks it");
  verb->add_option("--until", o->until,
                   "observed: go on from the differences until a program can see one, in a load, a "
                   "signal, an errno or a line of pagemap")
      ->check(CLI::IsMember({"observed"}));
  verb->add_option("--report", o->report,
                   "write the whole answer to a file: HTML if its name ends so, else Markdown");
  verb->add_flag("--ends", o->ends,
                 "ask at more scopes what ends in one of them only; else where that takes no time, "
                 "and nowhere if no step differs");
  verb->add_flag("--all", o->all, "the shortest run to each difference, and every call");
  verb->add_option("--seconds", o->seconds, "stop after so long")->check(seconds_above_zero());
  verb->add_option("--threads", o->threads, "")->check(count_from(1, 64))->capture_default_str();
}

}  // namespace hmm
