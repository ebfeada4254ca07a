using ActorTorrent.Engine.Telemetry;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Service.Session;

/// <summary>
/// Adds what lies in a folder: torrent files, and text files <c>.magnet</c> with a link. A file is taken once it has not changed between two
/// looks; then it is deleted or renamed to <c>.added</c>, or <c>.invalid</c> when it is no torrent.
/// </summary>
internal sealed class WatchFolderActor : ObservedReceiveActor, IWithTimers
{
    private const long LargestFile = 64 << 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly IActorRef _session;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IReadOnlyDictionary<string, (long Length, DateTime Time)> _seen = new Dictionary<string, (long, DateTime)>(StringComparer.Ordinal);

    public WatchFolderActor(string folder, IActorRef session)
    {
        _folder = folder;
        _session = session;
        Receive<Look>(_ =>
        {
            var (path, seen, actor) = (_folder, _seen, _session);
            Task.Run(() => LookAsync(path, seen, actor)).PipeTo(Self, Self, static found => found, failure => new LookFailed(failure.Message));
        });
        Receive<Found>(found =>
        {
            _seen = found.Seen;
            foreach (var line in found.Remarks)
                _log.Warning("{0}", line);
            LookAgain();
        });
        Receive<LookFailed>(failed =>
        {
            _log.Warning("{0}: {1}", _folder, failed.Reason);
            LookAgain();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Session;

    public static Props Props(string folder, IActorRef session) => Akka.Actor.Props.Create(() => new WatchFolderActor(folder, session));

    protected override void PreStart() => Self.Tell(Look.Instance);

    private void LookAgain() => Timers.StartSingleTimer(nameof(Look), Look.Instance, Interval);

    private static async Task<Found> LookAsync(string folder, IReadOnlyDictionary<string, (long Length, DateTime Time)> seen, IActorRef session)
    {
        Directory.CreateDirectory(folder);
        var now = new Dictionary<string, (long, DateTime)>(StringComparer.Ordinal);
        var remarks = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (Path.GetExtension(path) is not (".torrent" or ".magnet") || new FileInfo(path) is not { Exists: true } file)
                continue;
            var stamp = (file.Length, file.LastWriteTimeUtc);
            if (!seen.TryGetValue(path, out var before) || before != stamp || file.Length == 0)
            {
                now[path] = stamp;
                continue;
            }
            if (await TakeAsync(file, session).ConfigureAwait(false) is { } remark)
                remarks.Add($"{path}: {remark}");
        }
        return new Found(now, remarks);
    }

    private static async Task<string?> TakeAsync(FileInfo file, IActorRef session)
    {
        try
        {
            if (file.Length > LargestFile)
                throw new SessionException(SessionErrorKind.Invalid, "It is larger than a torrent file.");
            var torrent = file.Extension == ".magnet"
                ? NewTorrent.OfMagnet(await File.ReadAllTextAsync(file.FullName).ConfigureAwait(false))
                : NewTorrent.OfFile(await File.ReadAllBytesAsync(file.FullName).ConfigureAwait(false));
            var answer = await session.Ask<object>(new SessionProtocol.Add(torrent), TimeSpan.FromMinutes(1)).ConfigureAwait(false);
            if (answer is SessionProtocol.Refused refused)
                return refused.Reason;
            var settings = await session.Ask<SessionSettings>(SessionProtocol.GetSettings.Instance, TimeSpan.FromMinutes(1)).ConfigureAwait(false);
            if (settings.DeletesWatched)
                file.Delete();
            else
                file.MoveTo(file.FullName + ".added", overwrite: true);
            return null;
        }
        catch (SessionException invalid)
        {
            file.MoveTo(file.FullName + ".invalid", overwrite: true);
            return invalid.Message;
        }
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Found(IReadOnlyDictionary<string, (long Length, DateTime Time)> Seen, IReadOnlyList<string> Remarks);

    private sealed record LookFailed(string Reason);
}
