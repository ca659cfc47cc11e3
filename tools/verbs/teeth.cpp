#include "tools/runs/teeth.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "model/defects.h"
#include "model/domain/enumerators.h"
#include "properties/survivors.h"
#include "tools/runs/engine_rows.h"
#include "tools/runs/progress.h"
#include "tools/verbs/common.h"
#include "tools/verbs/verbs.h"
#include "traces/conform.h"
#include "traces/profile_file.h"

namespace hmm {
namespace {

struct Options {
  std::vector<std::string> recordings;
  std::string only;
  std::optional<std::size_t> sample;
  std::optional<double> seconds;
  std::uint64_t seed = 1;
  unsigned threads = 2;
};

// One that differs from the model without any bug would notice them all.
void require_agreement(const KernelRecording& one) {
  ConformReport report;
  conform(one.recording, {one.profile, one.kernel, {}}, report);
  if (report.divergences.empty()) return;
  const Divergence& d = report.divergences.front();
  reject({d.source, d.line}, "what the model shows of " + d.call + ": " + d.model, d.kernel);
}

std::vector<KernelRecording> load(const std::vector<std::string>& files) {
  std::vector<KernelRecording> out;
  for (const auto& file : files) {
    const SwapKernel kernel = named_kernel_of_recording(file);
    out.push_back({load_profile(std::string(swap_kernel_name(kernel))), kernel,
                   parse_recording(read_input(file), file)});
    require_agreement(out.back());
  }
  return out;
}

// In the order of all, and of a sample the same ones for the same seed.
std::vector<Mutant> chosen(const Options& o) {
  std::vector<Mutant> all = mutants();
  std::erase_if(all, [&](const Mutant& m) { return m.name.find(o.only) == m.name.npos; });
  if (all.empty()) reject({"--only"}, "part of the name of a mutant", o.only);
  std::mt19937_64 random(o.seed);
  while (o.sample && all.size() > *o.sample)
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(random() % all.size()));
  return all;
}

class Run {
 public:
  Run(const Options& o, Report& report)
      : o_(o), report_(report), recordings_(load(o.recordings)), mutants_(chosen(o)) {}

  void run() {
    report_.expect(mutants_.size());
    const Stop stop(o_.seconds);
    const Teeth teeth(k_, recordings_, stop.token());
    marks_.resize(mutants_.size());
    std::vector<std::exception_ptr> failures(o_.threads);
    {
      std::vector<std::jthread> workers;
      for (unsigned t = 0; t < o_.threads; ++t)
        workers.emplace_back([&, t] {
          try {
            for (std::size_t i; (i = next_++) < mutants_.size();) done(i, teeth.judge(mutants_[i]));
          } catch (...) {
            failures[t] = std::current_exception();
          }
        });
    }
    for (const auto& failure : failures)
      if (failure) std::rethrow_exception(failure);
    report_.interrupt(stop.signal());
    sum_up(stop);
  }

 private:
  // Rows come in the order of the mutants, whoever was faster.
  void done(std::size_t i, const std::optional<BiteMark>& mark) {
    const std::scoped_lock lock(telling_);
    marks_[i] = mark;
    is_done_.resize(mutants_.size());
    is_done_[i] = true;
    for (; told_ < mutants_.size() && is_done_[told_]; ++told_) tell(told_);
    progress_.show(fmt::format("{} of {}", told_, mutants_.size()));
  }

  void tell(std::size_t i) {
    const Mutant& m = mutants_[i];
    ReportRow row;
    row.name = fmt::format("{}: {}", enumerator_name(m.kind), m.name);
    row.facts = {{"kind", enumerator_name(m.kind)}, {"mutant", m.name}, {"option", m.option()}};
    if (!marks_[i]) {
      row.judgement = Judgement::undecided;
      row.detail = "not to the end";
      report_.add(std::move(row));
      return;
    }
    const BiteMark& mark = *marks_[i];
    ++counts_[mark.bite];
    row.seconds = mark.seconds;
    row.facts.update({{"noticed_by", enumerator_name(mark.bite)},
                      {"what", mark.by},
                      {"where", mark.where},
                      {"steps", mark.steps}});
    const Survivor* const known = survivor_named(m.name);
    const bool is_noticed = mark.bite <= Bite::proof;
    row.text = fmt::format("{:<13} {:<34} {:<13} {:>3} {:>7.2f} s  {}", enumerator_name(mark.bite),
                           mark.by, mark.where, mark.steps, mark.seconds, m.option());
    if (known != nullptr && (is_noticed || mark.bite == Bite::equal)) {
      row.judgement = Judgement::violated;
      row.detail = "properties/survivors.h explains why nothing notices what it does";
    } else if (known != nullptr) {
      ++explained_;
      row.facts["reason"] = known->reason;
      row.text += fmt::format("\n{:<13} {}", "", known->reason);
    } else if (!is_noticed && mark.bite != Bite::equal) {
      row.judgement = Judgement::violated;
      row.detail = "noticed by no promise and no recording, and not explained";
    }
    if (row.judgement == Judgement::violated) row.text += "\n" + row.detail;
    report_.add(std::move(row));
  }

  void sum_up(const Stop& stop) {
    std::size_t all = 0;
    std::string by;
    for (const auto& [bite, n] : counts_) {
      all += n;
      by += fmt::format("{}{} {}", by.empty() ? "" : ", ", enumerator_name(bite), n);
    }
    const std::size_t killed = counts_[Bite::promise] + counts_[Bite::recording] +
                               counts_[Bite::liveness] + counts_[Bite::proof];
    const std::size_t equal = counts_[Bite::equal];
    const double share =
        all == equal ? 0 : 100.0 * static_cast<double>(killed) / static_cast<double>(all - equal);
    Json facts = {{"mutants", all},
                  {"killed", killed},
                  {"equal", equal},
                  {"explained", explained_},
                  {"percent", share}};
    report_.object(facts);
    report_.say(fmt::format("by {}", by));
    report_.say(fmt::format(
        "teeth: {} mutants, {} proved equal, {} killed ({:.1f} % of the others), {} explained{}",
        all, equal, killed, share, explained_,
        stop.is_asked() ? fmt::format("; stopped ({})", stop.reason()) : ""));
  }

  const Options& o_;
  Report& report_;
  const Profile k_ = without_breaking_defects(load_profile("6.12"));
  std::vector<KernelRecording> recordings_;
  std::vector<Mutant> mutants_;
  std::vector<std::optional<BiteMark>> marks_;
  std::vector<char> is_done_;
  std::size_t told_ = 0, explained_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::map<Bite, std::size_t> counts_;
  std::mutex telling_;
  Progress progress_{"teeth"};
};

}  // namespace

void add_teeth(CLI::App& app, int& exit_code) {
  const auto o = std::make_shared<Options>();
  CLI::App* verb =
      add_verdicts(app, exit_code, "teeth",
                   "Small bugs, one at a time: which promise, recording or proof notices each",
                   [o](Report& report) { Run(*o, report).run(); });
  verb->add_option("RECORDING", o->recordings, "recordings that may notice them too");
  verb->add_option("--only", o->only, "the mutants with this in their names");
  verb->add_option("--sample", o->sample, "only so many of them")->check(count_from(1));
  verb->add_option("--seed", o->seed, "of the sample")->check(count_from(0))->capture_default_str();
  verb->add_option("--seconds", o->seconds, "stop after so long")->check(seconds_above_zero());
  verb->add_option("--threads", o->threads, "")->check(count_from(1, 64))->capture_default_str();
}

}  // namespace hmm
