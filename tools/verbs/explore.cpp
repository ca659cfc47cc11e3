#include <fmt/format.h>

#include <functional>
#include <memory>

#include "tools/runs/broken.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/files.h"
#include "tools/runs/output.h"
#include "tools/runs/plot.h"
#include "tools/runs/witnesses.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

struct Options : RunOptions {
  std::uint64_t max_states = ExploreOptions{}.max_states;
  std::string witnesses, picture;
  bool verdicts = false, claims = false;
};

std::string numbers(const ExploreResult& r) {
  const double per_second = r.seconds > 0 ? static_cast<double>(r.states) / r.seconds : 0;
  return fmt::format("{} states, {} edges, depth {}, {:.1f} s, {} states/s, {:.1f} bytes/state{}",
                     grouped(r.states), grouped(r.edges), r.depth, r.seconds,
                     grouped(static_cast<std::uint64_t>(per_second)), r.bytes_per_state,
                     r.complete ? "" : ", not complete");
}

void add_witnesses(const Options& o, const Profile& k, const ExploreResult& r, ReportRow& row,
                   const Report& report) {
  Witnesses witnesses(o.witnesses);
  try {
    for (const Witness& w : o.witnesses.empty() ? std::vector<Witness>{} : r.witnesses)
      witnesses.add(o.scope, k, w.steps, w.verdict);
  } catch (const std::exception& error) {
    // The verdict is still to come.
    warn(error.what());
    row.facts["witnesses_not_written"] = error.what();
  }
  for (const auto& line : witnesses.rewritten()) report.say(line);
  if (!o.witnesses.empty()) report.say(witnesses.summary());
  row.facts["witnesses_rewritten"] = witnesses.rewritten();
}

void require_picture(const std::string& path) {
  if (path.empty()) return;
  if (!path.ends_with(".svg")) reject({"--picture"}, "a name that ends in .svg", path);
  require_writable(path);
  if (!has_gnuplot())
    reject({"--picture"}, "gnuplot to draw with: tools/setup gnuplot-nox", "none");
}

void draw(const Options& o, const Profile& k, const ExploreResult& r, const RoundNotes& notes,
          ReportRow& row, const Stop& stop) {
  ExplorationPlot plot{fmt::format("{}, profile {}: {} states, {} edges, depth {}", o.scope,
                                   o.said(k), grouped(r.states), grouped(r.edges), r.depth),
                       notes.rounds, r, coverage_curve(o.scope, k, r, o.threads, stop.token())};
  for (const auto& walk : plot.walks)
    row.facts["coverage"].push_back({walk.steps, walk.percent_of_edges});
  write_file(o.picture, drawn_by_gnuplot(gnuplot_of(plot, machine_at(o.scope)->scope(), k)));
}

void run(const Options& o, Report& report) {
  const Profile k = o.kernel();
  o.require(Engine::explore);
  require_picture(o.picture);
  FailureFiles files(o.save);
  report.set_facts(o.facts(k));
  ExploreOptions options;
  options.properties = o.wanted();
  options.max_states = o.max_states;
  options.threads = o.threads;
  options.witnesses = !o.witnesses.empty() || !o.picture.empty();
  RoundNotes notes;
  if (!o.picture.empty()) options.progress = std::ref(notes);
  options.overrides = o.overrides();
  if (!o.witnesses.empty()) require_folder("--witnesses", o.witnesses);
  report.expect(1);
  const Stop stop(o.seconds);
  auto [r, row] = explore_row(o.scope, k, options, stop);
  report.interrupt(stop.signal());
  report.say(fmt::format("explore {}, profile {}: {}", o.scope, o.said(k), numbers(r)));
  o.say_left_out(report);
  o.say_undecided(report, r.undecided, grouped(r.edges) + " edges", stop);
  const auto never = r.states == 0 ? std::vector<std::string>() : verdicts_never_reached(r.seen, k);
  if (o.verdicts)
    for (const auto& n : never) report.say("not reached at this scope: " + n);
  if (o.claims) report.say(given_text(r.given, options.properties));
  row.facts["given"] = given_facts(r.given, options.properties);
  row.facts["verdicts_not_reached_here"] = never;
  row.facts["overrides_that_decided_nothing"] = r.undecided;
  row.facts["defects_left_out"] = o.defects_left_out();
  add_witnesses(o, k, r, row, report);
  if (!o.picture.empty()) draw(o, k, r, notes, row, stop);
  row.text = verdict_text(row, "holds in every reachable state");
  add_and_save(report, files, std::move(row), "explore-" + o.scope);
}

}  // namespace

void add_explore(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "explore", "Every reachable state of a scope, breadth first",
                   [o](Report& report) { run(*o, report); });
  o->add_to(*verb);
  verb->add_option("--max-states", o->max_states, "give up (exit 3) beyond so many")
      ->check(count_from(1))
      ->capture_default_str();
  verb->add_option("--witnesses", o->witnesses,
                   "write a shortest trace for each verdict below this folder, where it differs");
  verb->add_option("--picture", o->picture,
                   "an SVG of it, by gnuplot: states by depth, their rate, which step gives which "
                   "verdict how deep, and what random walks come by");
  verb->add_flag("--claims", o->claims, "list in how many states each claim is given");
  verb->add_flag("--verdicts", o->verdicts, "list the verdicts not reached at this scope");
}

}  // namespace hmm
