#pragma once
#include <stdexcept>
#include <string>

#include "model/defects.h"
#include "properties/engines/judged_machine.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"
#include "traces/trace_file.h"

// Rules of one process, or of a process and its child, that every engine sees broken.
namespace hmm {

struct BrokenRule {
  const char* rule;
  const char* start;  // of traces/starts; part of the way to the violation
  // What a random walk from nothing may take. 0: the run is some twenty steps that must come in
  // order, with the device failing between two of them, and no walk of this length met it.
  std::uint64_t walk_steps = 10'000'000;
};

inline constexpr BrokenRule kBrokenAtTiny[] = {
    {"invalidate_sets_seq", "mapped"},
    {"invalidate_clears_mirror", "mapped"},
    {"own_migrate_event_sets_seq", "mapped"},
    {"commit_checks_seq", "mapped"},
    {"zap_keeps_migration_ref", "collected"},
    {"finalize_unlocks_source", "collected"},
    {"unmap_checks_refcount", "held_and_collected"},
    {"zap_drops_private_rmap", "on_device"},
    {"fault_takes_page_ref", "on_device"},
    {"mprotect_downgrades_private", "on_device"},
    {"failed_copy_is_sigbus", "coming_home", 0},
    {"busy_page_is_not_sigbus", "coming_home", 200'000'000},
    // The same as invalidate_sets_seq, commit_checks_seq and finalize_unlocks_source, by name.
    {"dmirror_interval_invalidate.set_seq", "mapped"},
    {"mmu_interval_read_retry.retry", "mapped"},
    {"migrate_device_finalize.unlock_src", "collected"},
};

inline constexpr BrokenRule kBrokenAtFork[] = {
    {"reuse_checks_refcount", "forked"},
    {"finalize_restores_others", "forked_and_collected"},
    {"restore_keeps_write_bit", "forked_and_collected"},
    {"fork_downgrades_private", "on_device_before_fork", 50'000'000},
    {"copy_nonpresent_pte.downgrade_private", "on_device_before_fork", 50'000'000},
};

// The kernel 6.12 without the rule: a switch off, or what `--drop` takes.
inline Profile without(const BrokenRule& broken) {
  Profile k = without_breaking_defects(load_profile("6.12"));
  if (std::string_view(broken.rule).find('.') != std::string_view::npos)
    drop_rule(k, broken.rule, {"a broken rule"});
  else
    set_switch(k, std::string(broken.rule) + "=0");
  return k;
}

// Its golden's key; the value is `depth`, of a shortest run from the start to a violation.
inline std::string key_of(const BrokenRule& broken) {
  return std::string("broken ") + broken.rule + " from " + broken.start;
}

// Where the run that is the start ends. Throws std::logic_error if a step of it has no effect.
inline Leaves state_after(const std::string& scope, const Profile& k, const std::string& start) {
  const auto trace =
      load_trace(std::string(HMM_SOURCE_DIR) + "/traces/starts/" + start + ".trace", {});
  const auto machine = machine_at(scope);
  for (const auto& step : steps_of(trace))
    if (!takes_effect(machine->take(k, step)))
      throw std::logic_error(start + ".trace: a step without effect");
  return machine->leaves();
}

}  // namespace hmm
