#include "tools/runs/museum.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"

namespace hmm {
namespace {

constexpr unsigned kSeeds = 20;

struct Options {
  std::vector<std::string> ids;
  std::string folder = "traces/museum";
  bool engines = false, missing = false;
  unsigned threads = 2;
  std::optional<double> seconds;
};

// `16ce101db85d (6.1)` of a commit and its title; all of a title without a commit.
std::string short_form(const std::string& cite) {
  return cite.front() == '"' ? cite : cite.substr(0, cite.find(", "));
}

std::string line_of(const BugFile& bug, const ReportRow& row) {
  std::vector<std::string> fixes;
  for (const auto& cite : bug.cites) fixes.push_back(short_form(cite));
  return fmt::format("{:<22} {:<8} {:<34} {:>2} steps {:>6.1f} s  {}", bug.id, bug.kind,
                     bug.promise, bug.steps, row.seconds, joined(fixes));
}

std::string line_of(const Seeds& seeds) {
  if (seeds.scope.empty()) return "  random: no scope of this build that walks";
  return fmt::format("  random {}: {} of {} seeds, {} text{}{}", seeds.scope, seeds.found,
                     seeds.walked, seeds.texts.size(), seeds.texts.size() == 1 ? "" : "s",
                     seeds.found == 0 ? ""
                                      : fmt::format(", {} steps at the median, {:.1f} s for all",
                                                    grouped(seeds.median_steps), seeds.seconds));
}

// The story, for who asks for a bug by name.
std::string story_of(const BugFile& bug) {
  std::string text = fmt::format("{}: {}\n{}\n", bug.id, bug.title, bug.says);
  for (const auto& cite : bug.cites) text += "mended by: " + cite + "\n";
  for (const auto& set : bug.sets) text += "set " + set + "\n";
  for (const auto& drop : bug.drops) text += "drop " + drop + "\n";
  if (!bug.mutate.empty()) text += "mutate " + bug.mutate + "\n";
  if (!bug.rules.empty()) text += "rules " + bug.rules + "\n";
  return text + fmt::format("recordings: {}\n", bug.recordings);
}

void say_missing(const Options& o, const Report& report) {
  const std::string path = (std::filesystem::path(o.folder) / "missing.toml").string();
  for (const auto& bug : parse_missing(read_input(path), path)) {
    report.say(fmt::format("{:<14} {:<12} {}", bug.id, bug.about, bug.wants));
    report.object({{"id", bug.id}, {"about", bug.about}, {"wants", bug.wants}});
  }
}

Seeds add_engines(const Museum& museum, const BugFile& bug, ReportRow& row) {
  Seeds seeds;
  // What walks come to is told, and no part of the verdict.
  ReportRow walks;
  decide(walks, [&] { seeds = museum.walk_seeds(bug, kSeeds); });
  row.facts["random"] = {{"scope", seeds.scope},        {"seeds", seeds.walked},
                         {"found", seeds.found},        {"texts", seeds.texts.size()},
                         {"steps", seeds.median_steps}, {"seconds", seeds.seconds},
                         {"not_decided", walks.detail}};
  row.text += "\n" + (walks.detail.empty() ? line_of(seeds) : "  random: " + walks.detail);
  return seeds;
}

void run(const Options& o, Report& report) {
  const auto exhibits = load_exhibits(o.folder, o.ids);
  if (o.missing) return say_missing(o, report);
  report.expect(exhibits.size());
  const Stop stop(o.seconds);
  Museum museum(o.threads, stop);
  std::size_t with_one_text = 0;
  for (const auto& exhibit : exhibits) {
    if (stop.is_asked()) break;
    ReportRow row = museum.judge(exhibit);
    row.text = line_of(exhibit.bug, row);
    if (row.judgement != Judgement::holds) row.text += "\n" + verdict_text(row, "");
    if (!o.ids.empty()) row.text = story_of(exhibit.bug) + row.text;
    if (o.engines && row.judgement == Judgement::holds) {
      const Seeds seeds = add_engines(museum, exhibit.bug, row);
      with_one_text += seeds.found == kSeeds && seeds.texts.size() == 1 ? 1 : 0;
    }
    report.add(std::move(row));
  }
  report.interrupt(stop.signal());
  const std::size_t caught = report.count(Judgement::holds);
  const std::size_t skipped = report.count(Judgement::skipped);
  Json total = {{"bugs", exhibits.size()}, {"caught", caught}};
  if (skipped != 0) total["skipped"] = skipped;
  if (o.engines) {
    total["one_text"] = with_one_text;
    report.say(fmt::format("random: {} bugs of {} by {} of {} seeds, with one text each",
                           with_one_text, exhibits.size(), kSeeds, kSeeds));
  }
  report.object(total);
  report.say(fmt::format("museum: {} bugs, {} caught{}", exhibits.size(), caught,
                         skipped == 0 ? "" : fmt::format(", {} skipped", skipped)));
}

}  // namespace

void add_museum(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb = add_verdicts(app, exit_code, "museum",
                                "Bugs that Linux had, put back one at a time, and what finds them",
                                [o](Report& report) { run(*o, report); });
  verb->add_option("ID", o->ids, "only these, with their stories; default: all");
  verb->add_option("--folder", o->folder, "a folder with bug.toml and bug.trace for each, by name")
      ->capture_default_str();
  verb->add_flag(
      "--engines", o->engines,
      fmt::format("also walk at random, of {} seeds each, and shrink what is found", kSeeds));
  verb->add_flag("--missing", o->missing, "list the bugs that are not there, and what they need");
  verb->add_option("--seconds", o->seconds, "stop after so long")->check(seconds_above_zero());
  verb->add_option("--threads", o->threads, "of walks")
      ->check(count_from(1, 64))
      ->capture_default_str();
}

}  // namespace hmm
