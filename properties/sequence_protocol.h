#pragma once
#include "properties/property.h"

namespace hmm {

// A subscription is current only while a range is open, and then no walk is fresh; once its
// callback ran, a covered page has no device pte and a walk of it is not fresh; a fresh walk's
// result is still what the CPU's pte says.
//
// Kernel: mm/mmu_notifier.c mmu_interval_read_begin(), the comment on the sequence lock.
struct SequenceProtocol {
  static constexpr const char* name = "sequence_protocol";
  static constexpr const char* says =
      "subscriptions, walks and mirrors are where the sequence numbers say";
  static constexpr bool is_strengthening = true;
  enum class Claim {
    current_subscription_has_an_open_range,
    exclusive_mirror_is_writable,
    mirror_names_the_page_of_the_cpu,
    mirror_writes_only_what_the_cpu_may,
    called_subscription_is_current,
    called_device_has_dropped_its_mirror,
    fresh_fault_has_a_settled_subscription,
    fresh_fault_is_not_overtaken,
    idle_fault_is_blank,
    checked_walk_is_installed_under_the_lock,
    excluded_page_is_one_that_the_cpu_reaches,
    excluding_fault_wants_to_write,
    page_mapped_while_it_is_excluded_is_writable,
    only_excluding_fault_has_a_range,
    excluding_fault_has_its_range,
    excluded_entry_is_done,
    range_has_one_excluding_fault,
    fresh_excluded_page_is_in_its_entry,
    fresh_excluded_page_has_no_mirror,
    fresh_exclusion_has_its_page_mapped_until_it_is_done,
    excluded_page_has_no_other_fresh_fault_once_the_driver_was_told,
    fresh_walk_is_what_the_cpu_has,
    fresh_walk_writes_only_what_the_cpu_may,
    walked_device_private_page_is_of_the_device
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    const bool sequenced = is_sequenced(k);
    for_each_row(s.subscription, [&](const auto& sub, unsigned device, unsigned mm) {
      claim(Claim::current_subscription_has_an_open_range, sub.current, is_invalidating<D>(s, mm),
            row("subscription", device, mm));
    });
    for_each_row(s.mirror, [&](const auto& mirror, unsigned device, unsigned mm, unsigned vpn) {
      const auto here = row("mirror", device, mm, vpn);
      claim(Claim::exclusive_mirror_is_writable, mirror.exclusive, mirror.write, here);
      // Stronger than what is promised: ptes change only once the callbacks have run.
      if (!sequenced) return;
      const auto pte = s.pte.at(mm, vpn);
      claim(Claim::mirror_names_the_page_of_the_cpu, mirror.valid, mirrors<D>(mirror, pte), here,
            row("pte", mm, vpn));
      claim(Claim::mirror_writes_only_what_the_cpu_may, mirror.valid && mirror.write,
            lets_device_write<D>(k, pte), here, row("pte", mm, vpn));
      called(s, mirror, device, mm, vpn, claim);
    });
    for_each_row(s.device_fault, [&](const auto& f, unsigned slot) {
      walks(k, s, f, slot, claim);
      exclusions(s, f, slot, claim);
      if (sequenced) fresh_results(k, s, f, slot, claim);
    });
  }

 private:
  // Open ranges whose callback has run for the device.
  template <class D, class Visit>
  static void called(const State<D>& s, const Mirror<D>& mirror, unsigned device, unsigned mm,
                     unsigned vpn, const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    for_each_row(s.invalidation, [&](const auto& inv, unsigned slot) {
      const auto called =
          !is_op<D>(inv, RangeOp::none) && inv.mm == Num(mm) && !inv.pending.at(device);
      Bool own_exclusive = false;
      for (const auto& f : s.device_fault.slot)
        own_exclusive = own_exclusive || (f.device == Num(device) && excludes_by<D>(f, slot));
      const auto passes_over =
          mirror.exclusive && (is_op<D>(inv, RangeOp::migrate) || is_op<D>(inv, RangeOp::insert));
      const auto sub = s.subscription.at(device, mm);
      claim(Claim::called_subscription_is_current,
            called && !own_exclusive && (is_in_itree<D>(sub) || is_subscribed<D>(sub)), sub.current,
            row("invalidation", slot), row("subscription", device, mm));
      claim(Claim::called_device_has_dropped_its_mirror,
            called && inv.covers.at(vpn) && !passes_over, !mirror.valid, row("invalidation", slot),
            row("mirror", device, mm, vpn));
    });
  }

  template <class D, class Visit>
  static void walks(const Profile& k, const State<D>& s, const DeviceFault<D>& f, unsigned slot,
                    const Visit& claim) {
    const auto here = row("device_fault", slot);
    const auto idle = is<D>(f.stage, DeviceFaultStage::idle);
    claim(Claim::fresh_fault_has_a_settled_subscription, f.fresh,
          !s.subscription.at(f.device, f.mm).current, here, row("subscription", f.device, f.mm));
    claim(Claim::fresh_fault_is_not_overtaken, f.fresh, !f.overtaken, here);
    claim(Claim::idle_fault_is_blank, idle, is_blank(f), here);
    if (k.commit_holds_lock)
      claim(Claim::checked_walk_is_installed_under_the_lock, !idle,
            !is<D>(f.stage, DeviceFaultStage::checked), here);
  }

  // Faults that ask for exclusive access.
  template <class D, class Visit>
  static void exclusions(const State<D>& s, const DeviceFault<D>& f, unsigned slot,
                         const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("device_fault", slot), range = row("invalidation", f.invalidation);
    const auto entry = row("pte", f.mm, f.vpn);
    const auto pte = s.pte.at(f.mm, f.vpn);
    const auto inv = s.invalidation.at(f.invalidation);
    const auto excluding = is<D>(f.stage, DeviceFaultStage::excluding);
    claim(Claim::excluded_page_is_one_that_the_cpu_reaches, is_excluding<D>(f),
          is_cpu_addressable_page<D>(f.pfn), here);
    claim(Claim::excluding_fault_wants_to_write, is_excluding<D>(f), f.want_write, here);
    claim(Claim::page_mapped_while_it_is_excluded_is_writable, excluding && maps<D>(pte, f.pfn),
          pte.write, here, entry);
    claim(Claim::only_excluding_fault_has_a_range, !excluding, f.invalidation == Num(0), here);
    claim(Claim::excluding_fault_has_its_range, excluding,
          is_op<D>(inv, RangeOp::exclusive) && inv.mm == f.mm && inv.covers.at(f.vpn), here, range);
    claim(Claim::excluded_entry_is_done, excluding && f.write, !inv.todo.at(f.vpn), here, range);
    for_each_row(s.device_fault, [&](const auto& other, unsigned o) {
      if (o == slot) return;
      claim(Claim::range_has_one_excluding_fault, excluding, !excludes_by<D>(other, f.invalidation),
            here, row("device_fault", o));
    });
  }

  template <class D, class Visit>
  static void fresh_results(const Profile& k, const State<D>& s, const DeviceFault<D>& f,
                            unsigned slot, const Visit& claim) {
    const auto here = row("device_fault", slot), entry = row("pte", f.mm, f.vpn);
    const auto pte = s.pte.at(f.mm, f.vpn);
    const auto walked = is<D>(f.stage, DeviceFaultStage::walked) && f.fresh;
    claim(Claim::fresh_excluded_page_is_in_its_entry, is_excluding<D>(f) && f.fresh && f.write,
          excludes<D>(pte, f.pfn) && lets_device_write<D>(k, pte), here, entry);
    claim(Claim::fresh_walk_is_what_the_cpu_has, walked, maps<D>(pte, f.pfn), here, entry);
    claim(Claim::fresh_walk_writes_only_what_the_cpu_may, walked && f.write, pte.write, here,
          entry);
    claim(Claim::walked_device_private_page_is_of_the_device,
          walked && is_device_private_page<D>(f.pfn), is_memory_of<D>(f.pfn, f.device), here,
          row("page", f.pfn));
    fresh_exclusion(s, f, slot, claim);
  }

  // No device has the page from before, and until its pte is changed it stands there.
  template <class D, class Visit>
  static void fresh_exclusion(const State<D>& s, const DeviceFault<D>& f, unsigned slot,
                              const Visit& claim) {
    using Num = typename D::Num;
    const auto here = row("device_fault", slot), entry = row("pte", f.mm, f.vpn);
    const auto mapped = maps<D>(s.pte.at(f.mm, f.vpn), f.pfn);
    const auto inv = s.invalidation.at(f.invalidation);
    const auto fresh = is_excluding<D>(f) && f.fresh;
    const auto todo = is<D>(f.stage, DeviceFaultStage::excluding) && inv.todo.at(f.vpn);
    for_each<D, sort::device>([&](unsigned device) {
      claim(Claim::fresh_excluded_page_has_no_mirror, fresh && f.write,
            !s.mirror.at(Num(device), f.mm, f.vpn).valid, here, row("mirror", device, f.mm, f.vpn));
    });
    claim(Claim::fresh_exclusion_has_its_page_mapped_until_it_is_done, fresh && todo, mapped, here,
          entry);
    for_each_row(s.device_fault, [&](const auto& other, unsigned o) {
      if (o == slot) return;
      const auto same_page = other.device == f.device && other.mm == f.mm && other.vpn == f.vpn;
      claim(Claim::excluded_page_has_no_other_fresh_fault_once_the_driver_was_told,
            is_excluding<D>(f) && same_page && other.fresh,
            todo && inv.pending.at(f.device) && mapped && !is_excluding<D>(other), here,
            row("device_fault", o));
    });
  }
};

}  // namespace hmm
