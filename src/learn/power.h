// How much more must be seen before a difference of a given size would show.

#pragma once

#include <optional>

namespace rf::learn {

// What a test is to find: a lift of `lift` over `base_rate`, with this error and this power.
struct PowerQuestion {
  double base_rate = 0.01;
  double lift = 0.2;    // (1 + lift) base_rate against base_rate; may be negative.
  double alpha = 0.05;  // Two-sided.
  double power = 0.8;
  double phi = 1;
};

// Trials per arm, rounded up:
//   phi [z_{1-alpha/2} sqrt(2 p q) + z_power sqrt(p1 q1 + p2 q2)]^2/(p1 - p2)^2, p the mean rate.
// For O'Brien-Fleming looks multiply by about 1.03 (Jennison & Turnbull 2000, table 2.4).
// REQUIRES: 0 < both rates < 1, lift != 0, 0 < alpha < 1, 0 < power < 1, phi >= 1.
// Source: Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, 4.2.
double trials_per_arm(const PowerQuestion& question);

// The chance that the question's lift would be found with this many trials per arm.
// REQUIRES: as trials_per_arm; trials >= 0.
// Source: the same formula, solved for the power.
double power_at(const PowerQuestion& question, double trials);

// The smallest relative rise that would be found with the question's power and this many trials per
// arm; the question's own lift is not used. None if even the rate 1 would not do.
// REQUIRES: trials >= 0.
std::optional<double> lift_found_with(const PowerQuestion& question, double trials);

struct Need {
  double trials = 0;           // More, per arm; 0 if there are enough.
  std::optional<double> days;  // Whole days at the daily volume; none if there is no volume.
};

// "Need N more impressions, about D days".
// REQUIRES: trials_seen >= 0 and daily_trials >= 0, both of the arm that has least.
Need needed_more(const PowerQuestion& question, double trials_seen, double daily_trials);

}  // namespace rf::learn
