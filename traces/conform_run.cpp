#include "traces/conform_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/plain.h"
#include "model/swapops/classify.h"
#include "traces/text.h"

namespace hmm {
namespace {

// The recordings' kernels had every option on but these two.
SwapConfig config_of_recordings(SwapKernel kernel) {
  SwapConfig c = default_config(kernel);
  c.memory_failure = false;
  c.swap = false;
  return c;
}

unsigned number(SwapType type) { return type.value_or(0); }

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

}  // namespace

void rename_frames(std::vector<Observation>& group) {
  FrameNames names;
  for (auto& seen : group)
    for (auto& page : seen.page)
      if (page.kind == SeenPte::present || page.kind == SeenPte::entry)
        page.frame = names.name(page.kind == SeenPte::entry, page.frame);
}

void StepWatch::after(const Profile& k, const State<RecordingDomain>& s,
                      const Step<RecordingDomain>& step, Verdict verdict) {
  steps_.emplace_back(step, verdict);
  if (!options_.violated || !violated_.empty()) return;
  violated_ = options_.violated(k, s);
  std::erase_if(violated_, [&](const std::string& name) {
    return std::find(tolerated_.begin(), tolerated_.end(), name) != tolerated_.end();
  });
  after_ = std::visit([](const auto& one) { return one.name; }, step);
}

std::string StepWatch::found() const {
  if (violated_.empty()) return {};
  return fmt::format("{} violated after {}", fmt::join(violated_, ", "), after_);
}

void StepWatch::tolerate_violated() {
  tolerated_.insert(tolerated_.end(), violated_.begin(), violated_.end());
  violated_.clear();
}

std::vector<std::string> StepWatch::steps() const {
  std::vector<std::string> lines;
  for (const auto& [step, verdict] : steps_)
    lines.push_back(
        fmt::format("{} -> {}", print_step(plain<kRecordingScope>(step)), name_of(verdict)));
  return lines;
}

ConformRun::ConformRun(const ConformOptions& options)
    : options_(options), config_(config_of_recordings(options.kernel)), watch_(options) {
  state_.mm.slot[0].alive = true;
  caller_.driver = &table_;
  caller_.observer = &watch_;
}

CallResult ConformRun::call(const RecordedCall& c) {
  watch_.forget_steps();
  caller_.walked_freed_anon_vma = false;
  const DmirrorFile file{c.device, c.actor};
  switch (c.kind) {
    case CallKind::load:
      return load(caller_, c.actor, c.first);
    case CallKind::store:
      return store(caller_, c.actor, c.first, c.value);
    case CallKind::mmap:
      if (c.shared) return mmap_shared(caller_, c.actor, c.first, c.last, c.read, c.write);
      return mmap_anon(caller_, c.actor, c.first, c.last, c.read, c.write);
    case CallKind::munmap:
      return munmap(caller_, c.actor, c.first, c.last);
    case CallKind::mprotect:
      return protect(c);
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
      return dmirror_check_exclusive(table_, file, c.first, c.last);
    case CallKind::exclusive:
      return dmirror_exclusive(caller_, table_, file, c.first, c.last);
    case CallKind::release:
      return dmirror_release(caller_, c.device);
    case CallKind::mlock:
      return mlock(caller_, c.actor, c.first, c.last);
    case CallKind::mremap:
      return mremap(caller_, c.actor, c.first, c.to);
    case CallKind::clear_soft_dirty:
      return clear_soft_dirty(caller_, c.actor);
  }
  return unknown_call(name_of(c.kind));
}

std::string ConformRun::failure() const {
  if (caller_.is_stuck())
    return fmt::format("the model refusing {}: {}", caller_.stuck_step(),
                       name_of(caller_.stuck_verdict()));
  return watch_.found();
}

std::vector<Observation> ConformRun::observe() const {
  std::vector<Observation> group;
  for (unsigned mm = 0; mm < D::scope.mms; ++mm)
    if (state_.mm.slot[mm].alive) group.push_back(observe(mm));
  rename_frames(group);
  return group;
}

void ConformRun::assume(const ConformRun& other) {
  state_ = other.state_;
  table_ = other.table_;
  pipes_ = other.pipes_;
  held_ = other.held_;
  caller_.assume(other.caller_);
  watch_.assume(other.watch_);
}

// Whether it is held is the recording's to say; whether there is anything to hold, the model's.
CallResult ConformRun::protect(const RecordedCall& c) {
  const Protection p{c.actor, c.first, c.last, c.read, c.write};
  if (held_ == p) {
    held_.reset();
    return mprotect_goes_on(caller_, p);
  }
  if (!c.result.is(Outcome::held)) return mprotect(caller_, p);
  const CallResult result = mprotect_held(caller_, p);
  if (result.is(Outcome::held)) held_ = p;
  return result;
}

CallResult ConformRun::exit_and_close(unsigned actor) {
  exit(caller_, actor);
  for (unsigned d = 0; d < kRecordedDevices; ++d) dmirror_close(caller_, d);
  close_pipes(caller_, pipes_, actor);
  return Outcome::ok;
}

Observation ConformRun::observe(unsigned mm) const {
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
SeenPage ConformRun::observe_page(unsigned mm, unsigned vpn) const {
  SeenPage page = observe_pte(mm, vpn);
  page.soft_dirty = caller_.pte(mm, vpn).soft_dirty || caller_.vma(mm, vpn).soft_dirty;
  return page;
}
SeenPage ConformRun::observe_pte(unsigned mm, unsigned vpn) const {
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
      page.mapcount = is_zone_device_page<D>(pte.pfn) ? 0 : mapcount;
      page.exclusive = mapcount == 1;
      page.shared = is_cached<D>(state_, pte.pfn);
      return page;
    case PteKind::device_private:
      page.swap_type = number(pte.write ? SWP_DEVICE_WRITE(config_) : SWP_DEVICE_READ(config_));
      // 6.1 asks the mapcount of the page of any entry that has one, 6.12 of present pages only.
      page.exclusive = options_.kernel != SwapKernel::v6_12 && mapcount == 1;
      break;
    case PteKind::device_exclusive:
      page.swap_type = number(pte.write ? SWP_DEVICE_EXCLUSIVE_WRITE(config_)
                                        : SWP_DEVICE_EXCLUSIVE_READ(config_));
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

}  // namespace hmm
