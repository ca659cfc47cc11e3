#include "traces/conform_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "model/plain.h"
#include "model/swapops/pte_entry.h"
#include "traces/call_text.h"
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
  if (options_.after_call)
    taken_.push_back({plain<kRecordingScope>(step), verdict, leaves_of<kRecordingScope>(s)});
  if (!options_.violated || !violated_.empty()) return;
  violated_ = options_.violated(k, s);
  std::erase_if(violated_, [&](const std::string& name) {
    return std::find(tolerated_.begin(), tolerated_.end(), name) != tolerated_.end();
  });
  after_ = std::visit([](const auto& one) { return one.name; }, step);
}

void StepWatch::comes_by(std::string_view when, std::string_view function, unsigned lane) {
  places_.push_back({steps_.size(), when, function, lane});
}

std::vector<OnTheWay> StepWatch::way() const {
  std::vector<OnTheWay> way;
  auto place = places_.begin();
  for (std::size_t i = 0; i <= steps_.size(); ++i) {
    for (; place != places_.end() && place->before == i; ++place)
      way.push_back({{}, Verdict::ok, kept_place(place->when, place->function), place->lane});
    if (i == steps_.size()) break;
    way.push_back({plain<kRecordingScope>(steps_[i].first), steps_[i].second});
  }
  return way;
}

void StepWatch::forget_steps() {
  steps_.clear();
  places_.clear();
  taken_.clear();
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

Leaves start_of_recordings() {
  return leaves_of<kRecordingScope>(World<RecordingDomain>(Profile{}).state);
}

ConformRun::ConformRun(const ConformOptions& options)
    : options_(options), config_(config_of_recordings(options.kernel)), watch_(options) {
  world_.caller.observer = &watch_;
}

// Whether and where a call is held is the recording's to say; whether it comes there, the model's.
CallResult ConformRun::call(const RecordedCall& c) {
  watch_.forget_steps();
  return under_way_.call(c.actor, c.what,
                         c.result.ends_in(Ending::under_way) ? c.result.held_at : "");
}

std::string ConformRun::failure() const {
  const auto& c = world_.caller;
  if (c.is_stuck())
    return fmt::format("the model refusing {}: {}", c.stuck_step(), name_of(c.stuck_verdict()));
  return watch_.found();
}

std::vector<Observation> ConformRun::observe() const {
  std::vector<Observation> group;
  for (unsigned mm = 0; mm < D::scope.mms; ++mm)
    if (world_.state.mm.slot[mm].alive) group.push_back(observe(mm));
  rename_frames(group);
  return group;
}

void ConformRun::assume(const ConformRun& other) {
  if (other.is_under_way()) throw std::logic_error("a call that is under way cannot be copied");
  under_way_.cancel();
  world_.assume(other.world_);
  watch_.assume(other.watch_);
}

Observation ConformRun::observe(unsigned mm) const {
  Observation seen;
  seen.actor = mm;
  for (unsigned v = 0; v < kRecordedPages; ++v) {
    seen.page[v] = observe_page(mm, v);
    for (unsigned d = 0; d < kRecordedDevices; ++d)
      seen.snapshot[d][v] =
          static_cast<std::uint8_t>(dmirror_snapshot(world_.caller, DmirrorFile{d, mm}, v));
  }
  return seen;
}

// fs/proc/task_mmu.c pte_to_pagemap_entry(), fs/proc/page.c kpagecount_read().
SeenPage ConformRun::observe_page(unsigned mm, unsigned vpn) const {
  const auto& c = world_.caller;
  SeenPage page = observe_pte(mm, vpn);
  page.soft_dirty = c.pte(mm, vpn).soft_dirty || c.vma(mm, vpn).soft_dirty;
  return page;
}
SeenPage ConformRun::observe_pte(unsigned mm, unsigned vpn) const {
  const auto& c = world_.caller;
  const auto pte = c.pte(mm, vpn);
  const unsigned mapcount = world_.state.page.at(pte.pfn).mapcount.v;
  if (c.has_pte(mm, vpn, PteKind::none)) return SeenPage{.kind = SeenPte::none};
  if (c.has_zero_page(mm, vpn)) return SeenPage{.kind = SeenPte::zero};
  SeenPage page;
  page.frame = pte.pfn.v;
  if (const auto entry = swp_entry_of<D>(config_, pte)) {
    page.kind = SeenPte::entry;
    page.swap_type = static_cast<unsigned>(swp_type<D>(config_, *entry));
    // 6.1 asks the mapcount of the page of any entry that has one, 6.12 of present pages only.
    page.exclusive = !is_at_least(config_, SwapKernel::v6_12) &&
                     is_device_private_entry<D>(config_, *entry) && mapcount == 1;
    return page;
  }
  page.kind = SeenPte::present;
  page.mapcount = is_zone_device_page<D>(pte.pfn) ? 0 : mapcount;
  page.exclusive = mapcount == 1;
  page.shared = is_cached<D>(world_.state, pte.pfn);
  return page;
}

}  // namespace hmm
