using System.CommandLine;
using ActorTorrent.Cli.Remote;
using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>top</c>: what moves in a running service, again and again.</summary>
internal static class TopCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var once = new Option<bool>("--once") { Description = "Show it once and end." };
        var interval = NumberOption.Create("--interval", 1, 3600, "Seconds between two looks; 1 when not given, 5 where the output is no terminal.");
        var command = new Command("top", "Watch a running service: torrents, the busiest peers, the last faults.") { once, interval };
        remote.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = remote.Connect(parsed);
            var output = parsed.InvocationConfiguration.Output;
            var console = parsed.GetValue(once) || remote.IsJson(parsed) ? null : Terminal.Of(output);
            var pace = TimeSpan.FromSeconds(parsed.GetValue(interval) ?? (console is null ? 5 : 1));
            try
            {
                if (console is not null)
                    await ShowAsync(client, console, pace, stop).ConfigureAwait(false);
                else
                    await PrintAsync(client, output, remote.IsJson(parsed), parsed.GetValue(once) ? null : pace, stop).ConfigureAwait(false);
                return ExitCode.Ok;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !parsed.GetValue(once))
            {
                return ExitCode.Ok;
            }
        });
        return command;
    }

    private static async Task PrintAsync(RemoteClient client, TextWriter output, bool isJson, TimeSpan? pace, CancellationToken stop)
    {
        var width = Terminal.WidthOf(output);
        while (true)
        {
            var state = await TopState.FetchAsync(client, stop).ConfigureAwait(false);
            if (isJson)
            {
                await output.WriteLineAsync(state.ToJson()).ConfigureAwait(false);
            }
            else
            {
                foreach (var line in TopView.Lines(state, remark: null, width, int.MaxValue))
                    await output.WriteLineAsync(line.Text).ConfigureAwait(false);
                if (pace is not null)
                    await output.WriteLineAsync().ConfigureAwait(false);
            }
            await output.FlushAsync(stop).ConfigureAwait(false);
            if (pace is not { } wait)
                return;
            await Task.Delay(wait, stop).ConfigureAwait(false);
        }
    }

    private static async Task ShowAsync(RemoteClient client, IAnsiConsole console, TimeSpan pace, CancellationToken stop)
    {
        var state = await TopState.FetchAsync(client, stop).ConfigureAwait(false);
        string? remark = null;
        await console.Live(Draw()).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (true)
            {
                await Task.Delay(pace, stop).ConfigureAwait(false);
                try
                {
                    (state, remark) = (await TopState.FetchAsync(client, stop).ConfigureAwait(false), null);
                }
                catch (RemoteException e) when (e.Status is null)
                {
                    // It may be starting anew.
                    remark = e.Message;
                }
                live.UpdateTarget(Draw());
            }
        }).ConfigureAwait(false);

        // Without the last line, which the cursor stands in.
        Spectre.Console.Rendering.IRenderable Draw() => TopView.Render(state, remark, console.Profile.Width, console.Profile.Height - 1);
    }
}
