// No promise is empty: each rule that a kernel or a driver must keep is missed by a promise, not
// only by a strengthening, when it is broken; and a search says what it found.
#include <catch2/catch.hpp>

#include "model/defects.h"
#include "model/scopes.h"
#include "properties/engines/engines.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

Profile sound() { return without_breaking_defects(load_profile("6.12")); }

Profile with(const char* name, bool value) {
  Profile k = sound();
  k.*switch_named(name)->at = value;
  return k;
}
Profile without(const char* rule) {
  Profile k = sound();
  drop_rule(k, rule, {"test"});
  return k;
}

// The promises that break at the scope first; none if none does among the first states.
PropertySet broken_at(std::string_view scope, const Profile& k, PropertySet wanted = promises()) {
  ExploreOptions options;
  options.properties = wanted;
  options.max_states = 3'000'000;
  return explore(scope, k, options).bad & promises();
}

PropertySet broken_anywhere(const Profile& k) {
  for (const auto& scope : kScopes)
    if (scope.explore == Use::quick)
      if (const PropertySet bad = broken_at(scope.name, k); bad != 0) return bad;
  return 0;
}

}  // namespace

TEST_CASE("each rule switch that is off breaks a promise at a scope that is explored") {
  for (const Switch& s : kSwitches) {
    if (s.group != SwitchGroup::rule) continue;
    CAPTURE(s.name);
    CHECK(broken_anywhere(with(s.name, false)) != 0);
  }
  CHECK((broken_at("devices", with("owner_filter", false)) & property_named("owner_isolation")) !=
        0);
  CHECK(broken_at("tiny", with("gup_skips_private", false),
                  property_named("no_pinned_device_page")) != 0);
}

// What passed every engine and all recordings once.
TEST_CASE("a SIGBUS that the kernel throws away is missed") {
  CHECK(broken_at("tiny", without("do_swap_page_end.sigbus")) ==
        property_named("sigbus_on_failure"));
}

TEST_CASE("a write to a watched page that goes unnoticed is missed") {
  CHECK(broken_at("moves", without("change_pte_range.soft_dirty_wp")) ==
        property_named("soft_dirty_is_kept"));
}

TEST_CASE("what the kernel keeps apart, in order and alive is promised") {
  struct Broken {
    const char *promise, *scope, *rule;
  };
  const Broken kBroken[] = {
      {"entries_have_the_bits_of_their_kind", "shared", "mmu_interval_read_retry.valid"},
      {"exclusive_page_is_not_shared", "tiny", "migrate_vma_collect.pin"},
      {"migration_goes_in_order", "pages", "migrate_device_pages.copying"},
      {"migration_goes_in_order", "ranges", "migrate_vma_end.wrong_stage"},
      {"ranges_cover_what_changes", "shared", "change_pte_range.callbacks"},
      {"ranges_cover_what_changes", "shared", "munmap.no_vma"},
      {"fork_copies_the_address_space", "shared", "vma_needs_copy.pte_not_none"},
      {"mmap_lock_excludes", "fork", "dup_mmap.mmap_lock"},
      {"mm_outlives_its_users", "shared", "exit_mmap.mmap_lock"},
      {"rights_never_grow", "tiny", "follow_page_pte.protnone"},
      {"rights_never_grow", "returns", "do_swap_page.vm_read"},
      {"owner_isolation", "ranges", "alloc_and_copy.dst_zone"},
      {"cpu_coherence", "ranges", "alloc_and_copy.device_failed"},
      {"device_ranges_are_disjoint", "memory", "memremap_pages.ram"},
      {"hotplug_finds_room", "memory", "request_free_mem_region.place"},
      {"removed_device_holds_nothing", "memory", "memunmap_pages.wait"},
      {"pagemap_is_accounted", "lives", "put_page.put_pagemap"},
      {"notifier_outlives_its_callbacks", "closing", "dmirror_fops_release.wait"},
      {"buffer_outlives_its_users", "buffers", "page_free.last"},
      {"dirty_is_never_lost", "swap", "migrate_vma_collect.mark_dirty"},
      {"dirty_is_never_lost", "page_cache", "zap_pte_range.mark_dirty"},
      {"dirty_is_never_lost", "lazyfree", "madvise_free.notify"},
      {"cpu_coherence", "page_cache", "remove_mapping.page_dirty"},
      {"held_page_stays", "page_cache", "remove_mapping.refcount"},
      {"exclusive_excludes", "shared", "remove_device_exclusive_entry.not_exclusive_entry"},
  };
  for (const Broken& b : kBroken) {
    CAPTURE(b.promise, b.rule);
    const PropertySet promise = property_named(b.promise);
    CHECK(broken_at(b.scope, without(b.rule), promise) == promise);
  }
}

TEST_CASE("a page that is migrated away under its holder is missed") {
  CHECK(broken_at("tiny", with("unmap_checks_refcount", false),
                  property_named("held_page_stays")) != 0);
}

TEST_CASE("a search goes on from a broken strengthening to a promise") {
  const auto found = explore("tiny", with("own_migrate_event_sets_seq", false));
  CHECK((found.bad & promises()) != 0);
  CHECK(found.weak.bad == property_named("sequence_protocol"));
  CHECK(found.weak.steps.size() < found.counterexample.size());
  WalkOptions walking;
  walking.steps = 1'000'000;
  const auto walked = walk("tiny", with("own_migrate_event_sets_seq", false), walking);
  CHECK((walked.bad & promises()) != 0);
}

TEST_CASE("a strengthening by itself is what a search ends with if it was asked for that") {
  ExploreOptions options;
  options.properties = property_named("sequence_protocol");
  const auto found = explore("tiny", with("own_migrate_event_sets_seq", false), options);
  CHECK(found.bad == options.properties);
  CHECK(found.weak.bad == 0);
}

TEST_CASE("an override says whether it decided anything") {
  const auto undecided = [](std::string_view scope) {
    ExploreOptions options;
    options.overrides = {{"owner_filter=0", sound()}};
    return explore(scope, with("owner_filter", false), options).undecided;
  };
  CHECK(undecided("tiny") == std::vector<std::string>{"owner_filter=0"});
  CHECK(undecided("devices").empty());
  WalkOptions walking;
  walking.steps = 100'000;
  walking.overrides = {{"owner_filter=0", sound()}};
  CHECK(walk("tiny", with("owner_filter", false), walking).undecided.size() == 1);
}

}  // namespace hmm
