#pragma once
#include "properties/property.h"

namespace hmm {

// A child begins with what its parent had when it forked. Of a shared mapping it faults in what it
// needs.
//
// Kernel: kernel/fork.c dup_mmap(), mm/memory.c vma_needs_copy(), copy_page_range().
struct ForkCopiesTheAddressSpace {
  static constexpr const char* name = "fork_copies_the_address_space";
  static constexpr const char* says =
      "a child has its parent's vmas and, once the fork has been there, its pages";
  static constexpr bool is_strengthening = false;
  enum class Claim {
    child_has_the_vmas_of_its_parent,
    child_has_no_entry_before_it_is_copied,
    child_has_an_entry_where_its_parent_has_a_page
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      const auto here = row("invalidation", slot);
      const auto fork = is_op<D>(inv, RangeOp::fork);
      for_each<D, sort::vpn>([&](unsigned v) {
        const auto vma = s.vma.at(inv.mm, v);
        const auto empty = is<D>(s.pte.at(inv.child, v).kind, PteKind::none);
        claim(Claim::child_has_the_vmas_of_its_parent, fork, same(vma, s.vma.at(inv.child, v)),
              here, row("vma", inv.mm, v), row("vma", inv.child, v));
        claim(Claim::child_has_no_entry_before_it_is_copied,
              fork && (inv.todo.at(v) || !inv.covers.at(v)), empty, here, row("pte", inv.child, v));
        claim(Claim::child_has_an_entry_where_its_parent_has_a_page,
              fork && !inv.todo.at(v) && !is_shared<D>(vma) && !is_hole<D>(s.pte.at(inv.mm, v)),
              !empty, here, row("pte", inv.mm, v), row("pte", inv.child, v));
      });
    });
  }
};

}  // namespace hmm
