using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Tests.Running;

internal sealed class RecordingLabView : ILabView
{
    private int _samples;

    public Action<LabSample>? OnSample { get; init; }

    public List<string> Notes { get; } = [];

    public int Samples => Volatile.Read(ref _samples);

    public void RunStarts(Scenario scenario, ScenarioVariant variant, int repetition, int of)
    {
    }

    public void Sample(LabSample sample)
    {
        Interlocked.Increment(ref _samples);
        OnSample?.Invoke(sample);
    }

    public void Note(double seconds, string text) => Notes.Add(text);

    public void RunEnds(LabRunResult result)
    {
    }
}
