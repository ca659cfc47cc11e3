// Every guard, filter and effect has a name of its own, and a run can go without it.
#include "model/rules.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "model/run.h"
#include "model/scopes.h"

namespace hmm {
namespace {

using D = Concrete<kTiny>;

std::string name_of(const RuleId& id) { return std::string(id.of) + "." + std::string(id.word); }

constexpr auto kAllSteps = []<std::size_t... I>(std::index_sequence<I...>) {
  return std::array<std::string_view, kSteps>{std::variant_alternative_t<I, Step<D>>::name...};
}
(std::make_index_sequence<kSteps>{});

// Calls visit(name, verdicts) for every step.
template <class Visit>
void for_each_text(Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (visit(std::string_view(std::variant_alternative_t<I, Step<D>>::name),
           std::variant_alternative_t<I, Step<D>>::verdicts),
     ...);
  }
  (std::make_index_sequence<kSteps>{});
}

Profile without(const std::string& id) {
  Profile k;
  REQUIRE(rule_named(id) != nullptr);
  k.drops.add(rule_named(id)->id);
  return k;
}

}  // namespace

TEST_CASE("a rule's name is its own") {
  std::set<std::string> names;
  for (const auto& r : rules()) {
    const std::string name = name_of(r.id);
    CAPTURE(name);
    CHECK(names.insert(name).second);
    CHECK(rule_named(name) == &r);
    const auto is_word = [](std::string_view text) {
      return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z');
      });
    };
    CHECK(is_word(r.id.of));
    CHECK(is_word(r.id.word));
  }
  CHECK(names.size() > 500);
  for (const char* wrong : {"", ".", "munmap", "munmap.", ".mmap_lock", "munmap.mmap_locks",
                            "munmap_mmap_lock", "munmap.mmap_lock ", "munmap.store"})
    CHECK(rule_named(wrong) == nullptr);
}

TEST_CASE("whatever a step says, one of its guards says") {
  for_each_text([](std::string_view step, const auto& verdicts) {
    CAPTURE(step);
    std::set<Verdict> said{step == "copy_present_page" ? Verdict::shared : Verdict::ok};
    for (const auto& r : rules())
      if (r.id.of == step && r.kind == RuleKind::guard) said.insert(r.verdict);
    CHECK(said == std::set<Verdict>(verdicts.begin(), verdicts.end()));
  });
}

TEST_CASE("a step that changes something names what it changes") {
  for_each_text([](std::string_view step, const auto&) {
    CAPTURE(step);
    const bool names = std::any_of(rules().begin(), rules().end(), [&](const Rule& r) {
      return r.id.of == step && r.kind == RuleKind::effect;
    });
    CHECK(names == (step != "cpu_load" && step != "device_load"));
  });
}

TEST_CASE("the table has what any kernel's rules name") {
  for (const bool on : {false, true})
    for (const auto& flipped : kSwitches) {
      Profile k;
      for (const auto& s : kSwitches) k.*s.at = on;
      k.*flipped.at = !on;
      RuleNotes notes;
      survey_rules(k, notes);
      for (const auto& n : notes) {
        const std::string name = name_of({n.of, n.word});
        CAPTURE(flipped.name, on, name);
        CHECK(rule_named(name) != nullptr);
      }
    }
}

TEST_CASE("a step names rules of the table, its own among them") {
  for (std::size_t kind = 0; kind < kSteps; ++kind) {
    RuleNotes notes;
    survey_step(kind, Profile{}, notes);
    CAPTURE(kAllSteps[kind]);
    CHECK(std::any_of(notes.begin(), notes.end(),
                      [&](const RuleNote& n) { return n.of == kAllSteps[kind]; }));
    for (const auto& n : notes) CHECK(rule_named(name_of({n.of, n.word})) != nullptr);
  }
}

TEST_CASE("every rule has a sentence, and every sentence a rule") {
  for (const auto& r : rules()) {
    CAPTURE(name_of(r.id));
    CHECK_FALSE(sentence_of(r).empty());
  }
  for (const auto& s : word_sentences()) {
    CAPTURE(s.word);
    CHECK(std::any_of(rules().begin(), rules().end(),
                      [&](const Rule& r) { return r.id.word == s.word; }));
  }
  const auto in_order = [](const auto& a, const auto& b) { return a.word < b.word; };
  CHECK(std::is_sorted(word_sentences().begin(), word_sentences().end(), in_order));
}

TEST_CASE("a dropped guard never refuses") {
  auto s = initial_state<D>();
  const MmapRegion<D> step{.mm = 0, .vpn = 0, .read = true};
  CHECK(take<D>(Profile{}, s, step) == Verdict::ok);
  CHECK(verdict_of<D>(Profile{}, s, step) == Verdict::vma_exists);
  CHECK(verdict_of<D>(without("mmap_region.vma_exists"), s, step) == Verdict::ok);
  CHECK(verdict_of<D>(without("mmap_region.not_alive"), s, step) == Verdict::vma_exists);
  CHECK(verdict_of<D>(without("move_vma.vma_exists"), s, step) == Verdict::vma_exists);
}

TEST_CASE("a dropped effect does not happen, and the others do") {
  auto s = initial_state<D>();
  CHECK(take<D>(without("mmap_region.write"), s,
                MmapRegion<D>{.mm = 0, .vpn = 0, .read = true, .write = true}) == Verdict::ok);
  CHECK(s.vma.slot[0].mapped);
  CHECK(s.vma.slot[0].read);
  CHECK_FALSE(s.vma.slot[0].write);
}

TEST_CASE("a dropped effect of a function does not happen to any of its callers") {
  auto s = initial_state<D>();
  const Profile k = without("folio_add_new_anon_rmap.mapcount");
  REQUIRE(take<D>(k, s, MmapRegion<D>{.mm = 0, .vpn = 0, .read = true, .write = true}) ==
          Verdict::ok);
  REQUIRE(take<D>(k, s, DoAnonymousPage<D>{.mm = 0, .vpn = 0, .pfn = 1}) == Verdict::ok);
  CHECK(s.page.slot[0].refcount == Small(1));
  CHECK(s.page.slot[0].anon);
  CHECK(s.page.slot[0].mapcount == Small(0));
}

TEST_CASE("a dropped filter lets everything pass") {
  const auto after_collect = [](const Profile& k) {
    auto s = initial_state<D>();
    CHECK(take<D>(k, s, MmapRegion<D>{.mm = 0, .vpn = 0, .read = true, .write = true}) ==
          Verdict::ok);
    CHECK(take<D>(k, s, DoAnonymousPage<D>{.mm = 0, .vpn = 0, .pfn = 1}) == Verdict::ok);
    s.page.slot[0].locked = true;
    CHECK(take<D>(k, s, MigrateVmaSetup<D>{.to_device = true}) == Verdict::ok);
    CHECK(take<D>(k, s, MnItreeInvalidate<D>{}) == Verdict::ok);
    CHECK(take<D>(k, s, MigrateVmaCollect<D>{}) == Verdict::ok);
    return s.pte.slot[0];
  };
  CHECK(is<D>(after_collect({}).kind, PteKind::present));
  CHECK(is<D>(after_collect(without("migrate_vma_collect.trylock")).kind, PteKind::migration));
}

TEST_CASE("which rules are dropped is plain data") {
  Profile a, b;
  a.drops.add({"munmap", "mmap_lock"});
  CHECK_FALSE(a == b);
  a.drops.add({"cpu_store", "store"});
  b.drops.add({"cpu_store", "store"});
  b.drops.add({"munmap", "mmap_lock"});
  b.drops.add({"munmap", "mmap_lock"});
  CHECK(a == b);
  CHECK(b.drops.ids().size() == 2);
  CHECK(b.drops.has({"munmap", "mmap_lock"}));
  CHECK_FALSE(b.drops.has({"munmap", "store"}));
  for (std::size_t i = 0; a.drops.ids().size() < Drops::kMost; ++i)
    CHECK(a.drops.add(rules()[i].id));
  CHECK_FALSE(a.drops.add({"zap_pte_range", "put_page"}));
  CHECK(a.drops.add({"munmap", "mmap_lock"}));
}

}  // namespace hmm
