#include "model/rules.h"

#include "model/scopes.h"
#include "model/steps.h"

namespace hmm {
namespace {

using D = Survey<kLarge>;  // a scope that has some of everything

constexpr auto kStepNames = []<std::size_t... I>(std::index_sequence<I...>) {
  return std::array<std::string_view, kSteps>{std::variant_alternative_t<I, Step<D>>::name...};
}
(std::make_index_sequence<kSteps>{});

// Some lines are there only where a switch is on, others only where it is off.
Profile all_switched(bool on) {
  Profile k;
  for (const auto& s : kSwitches) k.*s.at = on;
  return k;
}

struct RuleTable {
  std::array<Rule, RuleNotes::kMost> rule{};
  std::size_t size = 0;
};

RuleTable make_table() {
  RuleNotes notes;
  for (const bool on : {true, false}) survey_rules(all_switched(on), notes);
  RuleTable table;
  const auto add_all_of = [&](std::string_view of) {
    for (const auto& n : notes)
      if (n.of == of)
        table.rule[table.size++] = {{n.of, n.word}, n.kind, static_cast<Verdict>(n.verdict)};
  };
  for (const auto step : kStepNames) add_all_of(step);
  for (const auto& n : notes) {
    const auto known = [&](const Rule& r) { return r.id.of == n.of; };
    if (std::none_of(table.rule.begin(), table.rule.begin() + table.size, known)) add_all_of(n.of);
  }
  return table;
}

const RuleTable& table() {
  static const RuleTable rules = make_table();
  return rules;
}

// In the order of the words.
constexpr std::array kSentences = {
    WordSentence{"add_cached", "the page cache gets the page"},
    WordSentence{"add_lru", "the new page goes on the LRU list"},
    WordSentence{"add_pages", "the device's frames get struct pages"},
    WordSentence{"add_ram", "the memory is that of the system from here on"},
    WordSentence{"add_rmap", "the page counts one mapping more"},
    WordSentence{"alloc_page", "the allocator's page gets its first reference"},
    WordSentence{"anon_exclusive",
                 "the page is marked exclusive to one process, PG_anon_exclusive"},
    WordSentence{"begin", "the operation is in flight from here on"},
    WordSentence{"callbacks", "waits until every device has been told of the range"},
    WordSentence{"child", "the range is the child's as well"},
    WordSentence{"clear", "the memory reads as zero"},
    WordSentence{"clear_anon_exclusive", "the page is no longer exclusive to one process"},
    WordSentence{"clear_dirty", "the page is taken to be clean"},
    WordSentence{"clear_ghost", "nothing is expected to be read there any more"},
    WordSentence{"clear_mapping", "the page that was left is no longer anonymous"},
    WordSentence{"clear_mirror", "the device's entries of the range are dropped"},
    WordSentence{"clear_pte", "the entry is emptied"},
    WordSentence{"clear_pte_dirty", "the entry is taken to be clean"},
    WordSentence{"clear_soft_dirty", "the entry is no longer soft-dirty"},
    WordSentence{"clear_vma", "the vmas are no longer soft-dirty, and watched for writes"},
    WordSentence{"close_range", "the notifier range closes"},
    WordSentence{"collect", "the page becomes one of the migration's"},
    WordSentence{"collect_hole", "an empty entry or the zero page is offered to the driver"},
    WordSentence{"copy", "the contents are copied; else the page reads as zero"},
    WordSentence{"copy_vma", "the vma is copied"},
    WordSentence{"count", "the slot of swap has an entry less"},
    WordSentence{"covers", "the range says which pages it covers"},
    WordSentence{"defer", "while a range is open the notifier stays where it is until that closes"},
    WordSentence{"dirty", "the entry of a page that is written is dirty"},
    WordSentence{"dirty_page", "the copy is dirty if the page was"},
    WordSentence{"done", "what was to do here counts as done"},
    WordSentence{"downgrade_exclusive", "a device exclusive entry becomes readable"},
    WordSentence{"downgrade_migration", "a writable migration entry becomes readable"},
    WordSentence{"downgrade_private", "a writable device private entry becomes readable"},
    WordSentence{"drain", "a notifier whose removal was put off leaves"},
    WordSentence{"dst", "the destination is entered in dst[]"},
    WordSentence{"end", "the operation is no longer in flight"},
    WordSentence{"entry_stage", "the page goes on to the next stage of its migration"},
    WordSentence{"exclusive", "the device entry is exclusive, good for atomic operations"},
    WordSentence{"exit", "the address space is gone"},
    WordSentence{"fail", "the device can no longer read its memory"},
    WordSentence{"fault_page", "the migration knows the page that the faulting CPU holds"},
    WordSentence{"file", "the vma maps the file"},
    WordSentence{"fill_buffer", "the driver works on the buffer until its migration ends"},
    WordSentence{"flags", "only memory that the caller's flags select is taken"},
    WordSentence{"forget_callbacks",
                 "of the ranges that are open its callbacks do not run any more"},
    WordSentence{"forget_page", "the range no longer names the page that it held"},
    WordSentence{"forget_pages", "the range no longer names the pages that it held"},
    WordSentence{"free", "the last reference frees the page, and what is known of it is forgotten"},
    WordSentence{"free_notifier", "the notifier is not there any more"},
    WordSentence{"free_slot", "the slot of swap is free again"},
    WordSentence{"free_swap", "a slot of swap that no entry names any more is given up"},
    WordSentence{"get", "the struct dev_pagemap has a reference more"},
    WordSentence{"get_page", "a reference is taken"},
    WordSentence{"get_pagemap",
                 "the page that is handed out has a reference on its struct dev_pagemap"},
    WordSentence{"ghost", "what must be read there from now on follows"},
    WordSentence{"hold", "the reference is one of get_user_pages() or pin_user_pages()"},
    WordSentence{"insert", "the notifier is there"},
    WordSentence{"invalidate", "the driver's callback runs"},
    WordSentence{"isolate_lru", "the page leaves the LRU list"},
    WordSentence{"keep_exclusive", "the entry remembers that the page was exclusive"},
    WordSentence{"keep_soft_dirty", "the entry stays soft-dirty"},
    WordSentence{"keep_write", "the entry remembers that it was writable"},
    WordSentence{"kill", "nobody gets a new reference on the struct dev_pagemap"},
    WordSentence{"lazyfree", "the copy is one that MADV_FREE gave up, if the page was"},
    WordSentence{"list", "the driver may hand the frame out again"},
    WordSentence{"lock_page", "the page is locked"},
    WordSentence{"look_up", "the struct dev_pagemap is known"},
    WordSentence{"lost", "the fault's page is known to be lost with its device"},
    WordSentence{"map", "the pages are mapped by a vma"},
    WordSentence{"mapcount", "the page is mapped once"},
    WordSentence{"mapped", "a file that somebody still maps stays"},
    WordSentence{"mapping", "the page is anonymous from here on"},
    WordSentence{"mark_dirty",
                 "the page is dirty, since its entry was or its contents will change"},
    WordSentence{"mark_lazyfree", "the page may be dropped unless it is written again"},
    WordSentence{"new_page", "the range names the page that is to be put in place"},
    WordSentence{"notify", "the devices are told: their callbacks are to run"},
    WordSentence{"odd_seq", "a walk waits until no range is open"},
    WordSentence{"old_page", "the range names the page that it holds"},
    WordSentence{"open_range", "the notifier range opens"},
    WordSentence{"overtaken", "a device fault under way has been overtaken"},
    WordSentence{"own_exclusive",
                 "the driver does not let its own MMU_NOTIFY_EXCLUSIVE overtake its fault"},
    WordSentence{"own_fault", "the reference of the fault that the page comes home for is known"},
    WordSentence{"own_migrate",
                 "the driver keeps its exclusive entries through its own MMU_NOTIFY_MIGRATE"},
    WordSentence{"owner", "a device private page of another owner is passed over"},
    WordSentence{"page_dirty", "a page that is dirty stays in the page cache"},
    WordSentence{"page_exclusive",
                 "only a page that is exclusive, or was writable, becomes writable at once"},
    WordSentence{"page_locked", "a page that somebody has locked is left alone"},
    WordSentence{"page_prot", "a shared mapping that nobody watches is writable at once"},
    WordSentence{"pfn", "the operation knows the page"},
    WordSentence{"pgoff", "the vma knows where in the file it is"},
    WordSentence{"pin", "an exclusive page that may be pinned is left alone"},
    WordSentence{"private_write",
                 "a read-only entry of the caller's own memory does not do for a write"},
    WordSentence{"pte_dirty", "only a dirty entry becomes writable at once"},
    WordSentence{"put", "the struct dev_pagemap has a reference less"},
    WordSentence{"put_dst", "the destination's own reference is given back"},
    WordSentence{"put_new", "the copy that nobody needs is given back"},
    WordSentence{"put_old", "the reference that kept the old page is given back"},
    WordSentence{"put_page", "the reference is given back"},
    WordSentence{"put_pagemap", "a freed page's reference on its struct dev_pagemap is given back"},
    WordSentence{"put_src", "the source's own reference is given back"},
    WordSentence{"put_swap", "the slot of swap that the entry names is given up"},
    WordSentence{"putback_lru", "the page goes back on the LRU list, if its memory has one"},
    WordSentence{"putback_src_lru",
                 "the page that was left goes back on the LRU list, if its memory has one"},
    WordSentence{"read", "the right to read is what it is to be"},
    WordSentence{"read_only", "a read-only entry does not do for a write"},
    WordSentence{"redirtied", "a page that is dirty is not dropped"},
    WordSentence{"refcount", "a page with references that nobody accounts for is left alone"},
    WordSentence{"refuse", "a page that is refused loses MIGRATE_PFN_MIGRATE"},
    WordSentence{"release", "the hold of get_user_pages() or pin_user_pages() is over"},
    WordSentence{"release_range", "the addresses are free again"},
    WordSentence{"remove", "the notifier leaves"},
    WordSentence{"remove_cached", "the page cache gives the page up"},
    WordSentence{"remove_migration_ptes", "the migration entries give way to a page"},
    WordSentence{"remove_moved_vma", "the vma that moved away goes"},
    WordSentence{"remove_pages", "the device's frames lose their struct pages"},
    WordSentence{"remove_ram", "no memory is there any more"},
    WordSentence{"remove_rmap", "the page counts one mapping less"},
    WordSentence{"remove_vma", "the unmapped vmas go"},
    WordSentence{"request", "the addresses are the device's"},
    WordSentence{"restore_exclusive", "a device exclusive entry is restored before it is copied"},
    WordSentence{"return", "the fault that asked for the migration has its answer"},
    WordSentence{"set_child_pte", "the child's entry is written"},
    WordSentence{"set_dirty", "the page is dirty, as it is nowhere else"},
    WordSentence{"set_mapping", "the destination is anonymous from here on"},
    WordSentence{"set_pte", "the entry is written"},
    WordSentence{"set_seq", "mmu_interval_set_seq(): walks under way are overtaken"},
    WordSentence{"set_swapbacked", "the page may not be dropped any more"},
    WordSentence{"settle_seq", "with no range open any more, walks may begin again"},
    WordSentence{"share_swap", "a swap entry is no longer exclusive to one process"},
    WordSentence{"shared", "a dirty page that others map too is left alone"},
    WordSentence{"sigbus", "the fault ends in SIGBUS"},
    WordSentence{"soft_dirty", "soft-dirty is what it is to be"},
    WordSentence{"soft_dirty_wp",
                 "an entry that is watched for writes does not become writable at once"},
    WordSentence{"stage", "the operation goes on to its next stage"},
    WordSentence{"start_child", "the child is alive"},
    WordSentence{"store", "the store reaches the page"},
    WordSentence{"swap_duplicate", "the slot of swap has an entry more"},
    WordSentence{"take_buffer", "the frame is off its driver's list, and its buffer is there"},
    WordSentence{"to", "the range knows where the page moves"},
    WordSentence{"todo", "the range says which entries are to be changed"},
    WordSentence{"try_to_migrate", "the page is unmapped wherever else it is mapped"},
    WordSentence{"trylock", "a locked page is left alone"},
    WordSentence{"uncover", "the range leaves the page out"},
    WordSentence{"unlock_dst", "the destination is unlocked"},
    WordSentence{"unlock_page", "the page is unlocked"},
    WordSentence{"unlock_src", "the source is unlocked"},
    WordSentence{"upgrade", "an entry may become writable at once"},
    WordSentence{"valid", "the device entry is there"},
    WordSentence{"vm_write", "nothing is writable that the vma forbids to write"},
    WordSentence{"vma_shared", "shared mappings are left out"},
    WordSentence{"write", "the right to write is what it is to be"},
    WordSentence{"write_out", "a dirty page is written to its slot of swap"},
    WordSentence{"wrprotect", "a present entry becomes readable only"},
};

}  // namespace

void survey_step(std::size_t kind, const Profile& k, RuleNotes& notes) {
  D::notes = &notes;
  for_each_step_kind([&](auto one) {
    if (one != kind) return;
    const std::variant_alternative_t<one, Step<D>> step{};
    State<D> s{};
    step.check(k, s);
    step.apply(k, s, {});
  });
  D::notes = nullptr;
}

void survey_rules(const Profile& k, RuleNotes& notes) {
  for (std::size_t kind = 0; kind < kSteps; ++kind) survey_step(kind, k, notes);
}

std::span<const Rule> rules() { return {table().rule.data(), table().size}; }

const Rule* rule_named(std::string_view id) {
  for (const auto& r : rules())
    if (id.size() == r.id.of.size() + 1 + r.id.word.size() && id.starts_with(r.id.of) &&
        id[r.id.of.size()] == '.' && id.ends_with(r.id.word))
      return &r;
  return nullptr;
}

std::span<const WordSentence> word_sentences() { return kSentences; }

std::string_view sentence_of(const Rule& rule) {
  for (const auto& s : kSentences)
    if (s.word == rule.id.word) return s.says;
  return rule.kind == RuleKind::guard ? sentence_of(rule.verdict) : std::string_view{};
}

}  // namespace hmm
