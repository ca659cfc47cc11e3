#include "tools/runs/held_calls.h"

#include <algorithm>
#include <array>
#include <optional>
#include <random>

#include "traces/recording_order.h"

namespace hmm {
namespace {

struct Places {
  std::string_view call, places;
};
// Functions that every kernel has, whose names are separated by commas. What do_swap_page() does of
// a device's page is in its driver's hands between `at` and `after dmirror_devmem_fault`; by
// do_anonymous_page() the stack of who loads may come first.
constexpr std::string_view kMigrates =
    "at migrate_vma_collect,at migrate_vma_collect_pmd,after migrate_vma_collect_pmd,"
    "at migrate_device_unmap,after migrate_device_unmap,at migrate_vma_pages,"
    "after migrate_vma_pages,at migrate_vma_finalize";
constexpr std::string_view kFaults =
    "at dmirror_devmem_fault,after dmirror_devmem_fault,at migrate_vma_collect_pmd,"
    "at migrate_device_unmap,at migrate_vma_pages,at migrate_vma_finalize";
constexpr std::string_view kEvicts =
    "at migrate_device_unmap,at migrate_device_pages,at migrate_device_finalize";
constexpr std::string_view kExcludes =
    "at make_device_exclusive_range,after make_device_exclusive_range";
constexpr std::string_view kExcludesPage = "at make_device_exclusive,after make_device_exclusive";
constexpr std::array kPlacesOfCalls{
    Places{"load", kFaults},
    Places{"store", kFaults},
    Places{"munmap", "at zap_pte_range"},
    Places{"dontneed", "at zap_pte_range"},
    Places{"mprotect", "at change_protection,after change_protection"},
    Places{"mremap", "at move_page_tables,after move_page_tables"},
    Places{"fork", "at copy_pte_range,after copy_pte_range"},
    Places{"dread", "at hmm_range_fault,after hmm_range_fault"},
    Places{"dwrite", "at hmm_range_fault,after hmm_range_fault"},
    Places{"exclusive", kExcludes},
    Places{"migrate_to_dev", kMigrates},
    Places{"migrate_to_sys", kMigrates},
    Places{"release", kEvicts},
};

// A call that is held, and goes on when so many others have been made.
struct Held {
  RecordedCall call;
  std::size_t calls_left;
};

class Holding {
 public:
  Holding(const RecordedTrace& trace, const Profile& k)
      : in_(trace), profile_(k), random_(trace.seed) {
    out_.seed = trace.seed;
  }

  RecordedTrace run() {
    for (const auto& step : in_.steps) {
      RecordedCall call = step.call;
      call.result = {};
      make(call);
    }
    while (!held_.empty()) let_go(0);
    return std::move(out_);
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }

  void make(RecordedCall& call) {
    // That of a call that is not over may not stand here, or would let one go.
    while (!held_.empty() && (is_held(call) || order_.expected_instead_of(call))) let_go(0);
    if (order_.expected_instead_of(call)) return;
    const auto places = places_of(row_of(call.what).name, profile_);
    if (!places.empty() && held_.size() < kUnderWay - 1 && below(3) == 0) {
      call.result = Outcome::held;
      call.result.held_at = places[below(places.size())];
      held_.push_back({call, 1 + below(4)});
    }
    add(call);
    for (std::size_t i = held_.size(); i-- > 0;)
      if (!held_[i].call.repeats(call) && --held_[i].calls_left == 0) let_go(i);
  }

  bool is_held(const RecordedCall& call) const {
    return std::any_of(held_.begin(), held_.end(),
                       [&](const Held& held) { return held.call.repeats(call); });
  }
  void let_go(std::size_t which) {
    RecordedCall call = held_[which].call;
    call.result = {};
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(which));
    add(call);
  }
  void add(const RecordedCall& call) {
    order_.take(call);
    out_.steps.push_back({call, {}});
  }

  const RecordedTrace& in_;
  const Profile& profile_;
  RecordedTrace out_;
  CallOrder order_;
  std::vector<Held> held_;
  std::mt19937_64 random_;
};

}  // namespace

std::vector<std::string_view> places_of(std::string_view call, const Profile& k) {
  std::vector<std::string_view> out;
  for (auto [name, places] : kPlacesOfCalls) {
    if (name != call) continue;
    if (places == kExcludes && k.exclusive_goes_page_by_page) places = kExcludesPage;
    for (std::size_t at = 0; at < places.size();) {
      const std::size_t comma = std::min(places.find(',', at), places.size());
      out.push_back(places.substr(at, comma - at));
      at = comma + 1;
    }
  }
  return out;
}

RecordedTrace hold_some(const RecordedTrace& trace, const Profile& k) {
  return Holding(trace, k).run();
}

}  // namespace hmm
