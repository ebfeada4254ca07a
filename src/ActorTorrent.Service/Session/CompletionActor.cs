using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Options;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Service.Session;

/// <summary>Runs programs and calls the webhook when a torrent is complete, added, or seeded enough. One after the other; what fails is logged.</summary>
internal sealed class CompletionActor : ObservedReceiveActor
{
    private const int Tries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(1);

    private readonly ServiceSettings _host;
    private readonly TorrentFetcher _fetcher;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private SessionSettings _settings;
    private bool _isRestarting;

    public CompletionActor(ServiceSettings host, SessionSettings settings, TorrentFetcher fetcher)
    {
        _host = host;
        _settings = settings;
        _fetcher = fetcher;
        Receive<SessionEvent.SettingsChanged>(changed => _settings = changed.Settings);
        Receive<SessionEvent.Completed>(completed =>
        {
            if (_settings is { IsCompletionScriptOn: true, CompletionScript.Length: > 0 })
                Run(_settings.CompletionScript, completed.Torrent);
            if (_host.CompletionHook is { } hook)
                Call(hook, completed.Torrent);
        });
        Receive<SessionEvent.Arrived>(arrived =>
        {
            if (_settings is { IsAddedScriptOn: true, AddedScript.Length: > 0 })
                Run(_settings.AddedScript, arrived.Torrent);
        });
        Receive<SessionEvent.Seeded>(seeded =>
        {
            if (_settings is { IsSeededScriptOn: true, SeededScript.Length: > 0 })
                Run(_settings.SeededScript, seeded.Torrent);
        });
        Receive<Ended>(ended =>
        {
            if (ended.Failure is { } failure)
                _log.Error("{0} for {1}: {2}", ended.What, ended.Torrent, failure);
            else
                _log.Info("{0} for {1}: done", ended.What, ended.Torrent);
        });
    }

    protected override ActorKind Kind => ActorKind.Session;

    public static Props Props(ServiceSettings host, SessionSettings settings, TorrentFetcher fetcher) =>
        Akka.Actor.Props.Create(() => new CompletionActor(host, settings, fetcher));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(SessionEvent));

    protected override void PreRestart(Exception reason, object message)
    {
        // The mailbox survives the restart, what was told of the settings since the start does not. And what happens meanwhile is for it as well.
        _isRestarting = true;
        Self.Tell(new SessionEvent.SettingsChanged(_settings), ActorRefs.NoSender);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        if (!_isRestarting)
            Context.System.EventStream.Unsubscribe(Self);
        base.PostStop();
    }

    protected override void Unhandled(object message)
    {
        // Of all that happens in the session, most is of no concern here.
        if (message is not SessionEvent)
            base.Unhandled(message);
    }

    /// <summary>What a program is told, in the environment variables that Transmission's scripts expect.</summary>
    internal static IReadOnlyDictionary<string, string> Environment(TorrentView torrent, DateTimeOffset localNow) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["TR_APP_VERSION"] = typeof(CompletionActor).Assembly.GetName().Version?.ToString(3) ?? "",
        ["TR_TIME_LOCALTIME"] = localNow.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture),
        ["TR_TORRENT_BYTES_DOWNLOADED"] = torrent.Downloaded.ToString(CultureInfo.InvariantCulture),
        ["TR_TORRENT_DIR"] = torrent.Settings.Folder,
        ["TR_TORRENT_HASH"] = torrent.Settings.InfoHash,
        ["TR_TORRENT_ID"] = torrent.Id.ToString(CultureInfo.InvariantCulture),
        ["TR_TORRENT_LABELS"] = string.Join(',', torrent.Settings.Labels),
        ["TR_TORRENT_NAME"] = torrent.Name,
        ["TR_TORRENT_TRACKERS"] = string.Join(',', torrent.Trackers.Select(static tracker => tracker.Tracker.Host).Distinct(StringComparer.Ordinal)),
    };

    private void Run(string program, TorrentView torrent) =>
        RunAsync(program, torrent).PipeTo(Self, Self, () => new Ended(program, torrent.Name, Failure: null), failure => new Ended(program, torrent.Name, failure.Message));

    private void Call(Uri hook, TorrentView torrent) =>
        CallAsync(_fetcher, hook, torrent).PipeTo(Self, Self, () => new Ended(hook.Host, torrent.Name, Failure: null), failure => new Ended(hook.Host, torrent.Name, failure.Message));

    private static async Task RunAsync(string program, TorrentView torrent)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = Path.GetDirectoryName(program) };
        foreach (var (name, value) in Environment(torrent, DateTimeOffset.Now))
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(LongestRun);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("It ran for an hour and was ended.", late);
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"It ended with {process.ExitCode}."));
    }

    private static async Task CallAsync(TorrentFetcher fetcher, Uri hook, TorrentView torrent)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Completion(
                "completed", torrent.Id, torrent.Settings.InfoHash, torrent.Name, torrent.Settings.Folder, torrent.Settings.Labels,
                torrent.Metainfo?.Layout.TotalLength ?? 0, torrent.Downloaded, torrent.Settings.CompletedAt),
            CompletionJson.Default.Completion);
        for (var pause = FirstPause; ; pause *= 2)
        {
            try
            {
                await fetcher.PostAsync(hook, body, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (SessionException) when (pause < FirstPause * Math.Pow(2, Tries - 1))
            {
                await Task.Delay(pause).ConfigureAwait(false);
            }
        }
    }

    private sealed record Ended(string What, string Torrent, string? Failure);
}
