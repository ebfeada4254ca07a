namespace ActorTorrent.Lab.Reports;

/// <summary>The measures of a variant of a scenario.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Variant">The variant.</param>
/// <param name="Runs">How often it was run.</param>
/// <param name="Completed">How often it came to its end.</param>
/// <param name="Measures">The measures.</param>
public sealed record VariantSummary(string Scenario, string Variant, int Runs, int Completed, IReadOnlyList<Measure> Measures)
{
    /// <summary>What a table calls it.</summary>
    /// <param name="isScenarioShown">Whether there are several scenarios.</param>
    public string Label(bool isScenarioShown) => isScenarioShown ? Variant == "as it is" ? Scenario : $"{Scenario}: {Variant}" : Variant;
}
