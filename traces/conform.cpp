#include "traces/conform.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/calls/dmirror_migrate.h"
#include "model/calls/process.h"
#include "model/swapops/classify.h"

namespace hmm {
namespace {

using D = RecordingDomain;

// The recordings' kernels had every option on but these two.
SwapConfig config_of_recordings(SwapKernel kernel) {
  SwapConfig c = default_config(kernel);
  c.memory_failure = false;
  c.swap = false;
  return c;
}

// Asks for violated properties after every step, and keeps the first answer.
class PropertyWatch : public StepListener<D> {
 public:
  explicit PropertyWatch(const ConformOptions& options) : options_(options) {}
  void after(const Profile& k, const State<D>& s, const Step<D>& step, Verdict) override {
    if (!options_.violated || !found_.empty()) return;
    const auto names = options_.violated(k, s);
    if (names.empty()) return;
    const auto* name = std::visit([](const auto& one) { return one.name; }, step);
    found_ = fmt::format("{} violated after {}", fmt::join(names, ", "), name);
  }
  const std::string& found() const { return found_; }

 private:
  const ConformOptions& options_;
  std::string found_;
};

// Frames numbered by first appearance, present ones and those of entries apart.
class FrameNames {
 public:
  unsigned name(bool entry, unsigned frame) {
    const std::pair key{entry, frame};
    const auto found = std::find(seen_.begin(), seen_.end(), key);
    if (found != seen_.end()) return static_cast<unsigned>(found - seen_.begin());
    seen_.push_back(key);
    return static_cast<unsigned>(seen_.size() - 1);
  }

 private:
  std::vector<std::pair<bool, unsigned>> seen_;
};

void rename_frames(std::vector<Observation>& group) {
  FrameNames names;
  for (auto& seen : group)
    for (auto& page : seen.page)
      if (page.kind == SeenPte::present || page.kind == SeenPte::entry)
        page.frame = names.name(page.kind == SeenPte::entry, page.frame);
}

// One trace through the model.
class Run {
 public:
  explicit Run(const ConformOptions& options)
      : options_(options), config_(config_of_recordings(options.kernel)), watch_(options) {
    state_.mm.slot[0].alive = true;
    caller_.driver = &table_;
    if (options.violated) caller_.observer = &watch_;
  }

  CallResult call(const RecordedCall& c) {
    const DmirrorFile file{c.device, c.actor};
    switch (c.kind) {
      case CallKind::load:
        return load(caller_, c.actor, c.first);
      case CallKind::store:
        return store(caller_, c.actor, c.first, c.value);
      case CallKind::mmap:
        if (c.shared) return unknown_call("mmap of shared memory");
        return mmap_anon(caller_, c.actor, c.first, c.last, c.read, c.write);
      case CallKind::munmap:
        return munmap(caller_, c.actor, c.first, c.last);
      case CallKind::mprotect:
        return mprotect(caller_, c.actor, c.first, c.last, c.read, c.write);
      case CallKind::munlock:
        return munlock(caller_, c.actor, c.first, c.last);
      case CallKind::dontneed:
        return madvise_dontneed(caller_, c.actor, c.first, c.last);
      case CallKind::fork:
        return fork(caller_, 0, 1);
      case CallKind::exit:
        return exit_and_close(c.actor);
      case CallKind::pin:
        return pin(caller_, pipes_, c.actor, c.first);
      case CallKind::unpin:
        return unpin(caller_, pipes_, c.actor, c.first);
      case CallKind::dread:
        return dmirror_read(caller_, table_, file, c.first, c.last);
      case CallKind::dwrite:
        return dmirror_write(caller_, table_, file, c.first, c.last, c.value);
      case CallKind::migrate_to_dev:
        return dmirror_migrate_to_device(caller_, table_, file, c.first, c.last);
      case CallKind::migrate_to_sys:
        return dmirror_migrate_to_system(caller_, file, c.first, c.last);
      case CallKind::check_exclusive:
        return Outcome::ok;  // lib/test_hmm.c dmirror_check_atomic(); nothing is exclusive yet
      case CallKind::release:
        return dmirror_release(caller_, c.device, "release of a device in use");
      case CallKind::mlock:
      case CallKind::mremap:
      case CallKind::clear_soft_dirty:
      case CallKind::exclusive:
        break;
    }
    return unknown_call(name_of(c.kind));
  }

  // What stopped the model in the middle of a call, or a property that broke.
  std::string failure() const {
    if (caller_.is_stuck())
      return fmt::format("the model refusing {}: {}", caller_.stuck_step(),
                         name_of(caller_.stuck_verdict()));
    return watch_.found();
  }

  std::vector<Observation> observe() const {
    std::vector<Observation> group;
    for (unsigned mm = 0; mm < D::scope.mms; ++mm)
      if (state_.mm.slot[mm].alive) group.push_back(observe(mm));
    rename_frames(group);
    return group;
  }

 private:
  CallResult exit_and_close(unsigned actor) {
    CallResult r = exit(caller_, pipes_, actor);
    for (unsigned d = 0; d < kRecordedDevices && r.is(Outcome::ok); ++d)
      r = dmirror_release(caller_, d, "exit while a device is in use");
    return r;
  }

  Observation observe(unsigned mm) const {
    Observation seen;
    seen.actor = mm;
    for (unsigned v = 0; v < kRecordedPages; ++v) {
      seen.page[v] = observe_page(mm, v);
      for (unsigned d = 0; d < kRecordedDevices; ++d)
        seen.snapshot[d][v] =
            static_cast<std::uint8_t>(dmirror_snapshot(caller_, DmirrorFile{d, mm}, v));
    }
    return seen;
  }

  // fs/proc/task_mmu.c pte_to_pagemap_entry(), fs/proc/page.c kpagecount_read().
  SeenPage observe_page(unsigned mm, unsigned vpn) const {
    const auto pte = caller_.pte(mm, vpn);
    const unsigned mapcount = state_.page.at(pte.pfn).mapcount.v;
    SeenPage page;
    page.frame = pte.pfn.v;
    switch (static_cast<PteKind>(pte.kind.v)) {
      case PteKind::none:
        return SeenPage{};
      case PteKind::present:
        if (caller_.has_zero_page(mm, vpn)) return SeenPage{.kind = SeenPte::zero};
        page.kind = SeenPte::present;
        page.mapcount = mapcount;
        page.exclusive = mapcount == 1;
        return page;
      case PteKind::device_private:
        page.swap_type = number(pte.write ? SWP_DEVICE_WRITE(config_) : SWP_DEVICE_READ(config_));
        // 6.1 asks the mapcount of the page of any entry that has one, 6.12 of present pages only.
        page.exclusive = options_.kernel != SwapKernel::v6_12 && mapcount == 1;
        break;
      case PteKind::migration:
        page.swap_type = number(pte.write       ? SWP_MIGRATION_WRITE(config_)
                                : pte.exclusive ? SWP_MIGRATION_READ_EXCLUSIVE(config_)
                                                : SWP_MIGRATION_READ(config_));
        break;
    }
    page.kind = SeenPte::entry;
    return page;
  }
  static unsigned number(SwapType type) { return type.value_or(0); }

  const ConformOptions& options_;
  SwapConfig config_;
  State<D> state_{};
  DmirrorTable<D> table_{};
  Pipes<D> pipes_{};
  PropertyWatch watch_;
  Caller<D> caller_{options_.profile, state_};
};

// The first thing that differs, apart from soft-dirty, which the model does not keep.
std::optional<Divergence> difference(const Observation& expected, const Observation& found) {
  const char actor = kActorNames[expected.actor];
  for (unsigned v = 0; v < kRecordedPages; ++v) {
    SeenPage want = expected.page[v];
    want.soft_dirty = false;
    if (want == found.page[v]) continue;
    return Divergence{{},
                      expected.line,
                      {},
                      fmt::format("{} page {} {}", actor, v, print_page(want)),
                      print_page(found.page[v])};
  }
  for (unsigned d = 0; d < kRecordedDevices; ++d)
    for (unsigned v = 0; v < kRecordedPages; ++v)
      if (expected.snapshot[d][v] != found.snapshot[d][v])
        return Divergence{
            {},
            expected.line,
            {},
            fmt::format("{} snapshot d{} page {} {:02x}", actor, d, v, expected.snapshot[d][v]),
            fmt::format("{:02x}", found.snapshot[d][v])};
  return std::nullopt;
}

std::optional<Divergence> judge(const RecordedStep& step, const CallResult& result,
                                const Run& run) {
  const unsigned line = step.call.line;
  const std::string expected = print_result(step.call.result);
  if (const std::string failure = run.failure(); !failure.empty())
    return Divergence{{}, line, {}, expected, failure};
  if (const std::string found = print_result(result); found != expected)
    return Divergence{{}, line, {}, expected, found};
  std::vector<Observation> seen = step.seen;
  rename_frames(seen);
  const std::vector<Observation> found = run.observe();
  for (std::size_t i = 0; i < seen.size() && i < found.size(); ++i)
    if (auto d = difference(seen[i], found[i])) return d;
  if (seen.size() != found.size())
    return Divergence{
        {}, line, {}, fmt::format("{} processes", seen.size()), fmt::format("{}", found.size())};
  return std::nullopt;
}

void conform_trace(const Recording& recording, const RecordedTrace& trace,
                   const ConformOptions& options, ConformReport& report) {
  ++report.traces;
  report.calls += trace.steps.size();
  Run run(options);
  for (const auto& step : trace.steps) {
    const CallResult result = run.call(step.call);
    if (!result.unknown.empty() && run.failure().empty()) {
      ++report.unknown[std::string(result.unknown)];
      ++report.not_to_the_end;
      return;
    }
    ++report.judged;
    for (const auto& seen : step.seen) report.not_compared["soft-dirty"] += seen.page.size();
    if (auto d = judge(step, result, run)) {
      d->source = recording.source;
      d->call = print_call(step.call);
      report.divergences.push_back(std::move(*d));
      ++report.diverging;
      return;
    }
    ++report.agreeing_calls;
  }
  ++report.agreeing;
}

}  // namespace

std::string print_divergence(const Divergence& d) {
  return fmt::format("{}:{}: {}: expected {}, found {}", d.source, d.line, d.call, d.expected,
                     d.found);
}

void conform(const Recording& recording, const ConformOptions& options, ConformReport& report) {
  for (const auto& trace : recording.traces) conform_trace(recording, trace, options, report);
}

std::optional<SwapKernel> kernel_of_recording(const std::string& path) {
  constexpr std::string_view prefix = "linux-";
  const std::size_t at = path.rfind(prefix);
  if (at == path.npos) return std::nullopt;
  std::string_view name = std::string_view(path).substr(at + prefix.size());
  if (name.ends_with(".txt")) name.remove_suffix(4);
  return swap_kernel_named(name);
}

}  // namespace hmm
