using System.Diagnostics;
using ActorTorrent.Engine.Checking;
using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>Shows how far the reading of files has come: a bar on a terminal, a line now and then elsewhere, or JSON.</summary>
internal static class WorkView
{
    private static readonly TimeSpan BarPace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan JsonPace = TimeSpan.FromSeconds(1);

    /// <summary>Shows work until it ends.</summary>
    /// <param name="verb">What is done to the bytes, such as "hashed".</param>
    /// <param name="work">The work.</param>
    /// <param name="progress">How far it has come.</param>
    /// <param name="output">Where to show it.</param>
    /// <param name="json">Writes the lines instead, when they are to be JSON.</param>
    /// <returns>What the work came to, its exceptions included.</returns>
    public static async Task<T> ShowAsync<T>(string verb, Task<T> work, WorkProgress progress, TextWriter output, JsonLines? json)
    {
        var started = Stopwatch.GetTimestamp();
        if (json is not null)
        {
            await EveryAsync(JsonPace, work, () => json.Write("progress", writer =>
            {
                writer.WriteNumber("bytes", progress.Done);
                writer.WriteNumber("bytesTotal", progress.Total);
            })).ConfigureAwait(false);
        }
        else if (Terminal.Of(output) is { } console)
        {
            await BarAsync(verb, work, progress, console).ConfigureAwait(false);
        }
        else
        {
            await EveryAsync(LinePace, work, () => output.WriteLine(Line(verb, progress, Stopwatch.GetElapsedTime(started)))).ConfigureAwait(false);
        }
        return await work.ConfigureAwait(false);
    }

    /// <summary>The line that is printed now and then.</summary>
    public static string Line(string verb, WorkProgress progress, TimeSpan elapsed)
    {
        var done = progress.Done;
        return FormattableString.Invariant(
            $"{(progress.Total == 0 ? 100 : 100.0 * done / progress.Total),5:0.0}%  {Text.Bytes(done)} of {Text.Bytes(progress.Total)} {verb}  {Text.Rate(done / Math.Max(elapsed.TotalSeconds, 0.001))}");
    }

    private static async Task EveryAsync(TimeSpan pace, Task work, Action show)
    {
        while (await Task.WhenAny(work, Task.Delay(pace)).ConfigureAwait(false) != work)
            show();
    }

    private static Task BarAsync(string verb, Task work, WorkProgress progress, IAnsiConsole console) =>
        console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(verb, maxValue: Math.Max(1, progress.Total));
                await EveryAsync(BarPace, work, () => bar.Value = progress.Done).ConfigureAwait(false);
                bar.Value = progress.Done;
            });
}
