using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Running;

/// <summary>Is shown runs as they go; called from one place at a time.</summary>
public interface ILabView
{
    /// <summary>A run begins.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="variant">How the engine is set up.</param>
    /// <param name="repetition">Its number, from 1.</param>
    /// <param name="of">How many there will be.</param>
    void RunStarts(Scenario scenario, ScenarioVariant variant, int repetition, int of);

    /// <summary>How it stands; several times a second.</summary>
    /// <param name="sample">The numbers.</param>
    void Sample(LabSample sample);

    /// <summary>Something happened.</summary>
    /// <param name="seconds">When, from the start.</param>
    /// <param name="text">What.</param>
    void Note(double seconds, string text);

    /// <summary>A run is over.</summary>
    /// <param name="result">What it came to.</param>
    void RunEnds(LabRunResult result);
}
