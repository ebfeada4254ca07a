namespace ActorTorrent.Engine.Tests.Fuzz;

/// <summary>What came of fuzzing a target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Seed">What its inputs followed from.</param>
/// <param name="Inputs">Inputs that were read.</param>
/// <param name="Refused">How many of them were refused with a declared exception.</param>
/// <param name="Findings">What broke a rule: the rule, and the input.</param>
internal sealed record FuzzReport(FuzzTarget Target, int Seed, long Inputs, long Refused, IReadOnlyList<(string Rule, byte[] Input)> Findings);
