using System.Globalization;
using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;
using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>Shows runs of the Lab: a moving line on a terminal, a line every few seconds elsewhere.</summary>
/// <param name="output">Where to print.</param>
/// <param name="console">The terminal, when that is one.</param>
internal sealed class LabView(TextWriter output, IAnsiConsole? console) : ILabView
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private LabSample? _last;
    private double _lastLine;
    private bool _hasStatus;

    /// <inheritdoc/>
    public void RunStarts(Scenario scenario, ScenarioVariant variant, int repetition, int of)
    {
        (_last, _lastLine) = (null, 0);
        Say($"{scenario.Name}: {variant.Name}, {repetition} of {of}", Color.Default);
    }

    /// <inheritdoc/>
    public void Sample(LabSample sample)
    {
        var rate = _last is { } last && sample.Seconds > last.Seconds ? (sample.Downloaded - last.Downloaded) / (sample.Seconds - last.Seconds) : 0;
        var cpu = _last is { } before && sample.Seconds > before.Seconds ? (sample.CpuSeconds - before.CpuSeconds) / (sample.Seconds - before.Seconds) : 0;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"  {sample.Seconds,5:0.0} s  {Text.Bytes(sample.Verified),9} verified  {Text.Rate(rate),11}  {sample.Running,5} connected ({sample.Live} peers)  {sample.Waiting,4} waiting  {sample.Faults,4} faults  CPU {cpu * 100,3:0} %  {Text.Bytes(sample.ResidentBytes)}");
        if (console is not null)
        {
            Erase();
            var width = Math.Max(20, console.Profile.Width - 1);
            console.Write(new Spectre.Console.Text(line.Length > width ? line[..width] : line, new Style(Color.Green)));
            _hasStatus = true;
        }
        else if (sample.Seconds - _lastLine >= LineEvery.TotalSeconds)
        {
            _lastLine = sample.Seconds;
            output.WriteLine(line);
        }
        if (_last is null || sample.Seconds - _last.Seconds >= 0.9)
            _last = sample;
    }

    /// <inheritdoc/>
    public void Note(double seconds, string text) =>
        Say(string.Create(CultureInfo.InvariantCulture, $"  {seconds,5:0.0} s  {Text.Printable(text)}"), Color.Yellow);

    /// <inheritdoc/>
    public void RunEnds(LabRunResult result)
    {
        foreach (var line in LabText.Lines(result))
            Say($"  {line}", Color.Default);
    }

    private void Say(string line, Color color)
    {
        if (console is null)
        {
            output.WriteLine(line);
            return;
        }
        Erase();
        console.Write(new Spectre.Console.Text(line + "\n", new Style(color)));
    }

    /// <summary>Takes the moving line away, so that what follows scrolls above the next one.</summary>
    private void Erase()
    {
        if (!_hasStatus)
            return;
        console!.Cursor.MoveLeft(console.Profile.Width);
        console.Write(new ControlCode("\u001b[2K"));
        _hasStatus = false;
    }
}
