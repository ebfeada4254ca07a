using System.Reflection;
using System.Threading.Channels;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Session;
using ActorTorrent.Service.Tests.Support;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Tests;

/// <summary>The service's own types of actors, beside those of the engine: one fails while a torrent is fetched, the torrent completes and the service goes on.</summary>
public sealed class ExceptionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Every observed actor answers a probe, whatever its state; one without a clock cannot be answered.
    private static readonly CensusProtocol.Probe Unanswerable = new(0, null!);

    // Where each type is, and what it cannot handle.
    private static readonly Dictionary<Type, (string? Path, object Cause)> Ways = new()
    {
        [typeof(SessionActor)] = ("/user/session", new SessionProtocol.Resume(null!)),
        [typeof(CompletionActor)] = ("/user/completions", Unanswerable),
        [typeof(WatchFolderActor)] = ("/user/watch", Unanswerable),
        // It cannot write to where it is to write.
        [typeof(SessionFeedActor)] = (null, new SessionEvent.Removed(0, default)),
    };

    public static TheoryData<string> Types { get; } = [.. Actors().Select(static type => type.Name)];

    [Fact]
    public void Every_type_of_actor_is_among_them()
        => Assert.Equal(Actors().Select(static type => type.Name), Ways.Keys.Select(static type => type.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Types))]
    public async Task An_exception_in_any_actor_costs_nobody_the_torrent(string name)
    {
        var (path, cause) = Ways.Single(way => way.Key.Name == name).Value;
        using var watched = new Interop.Tests.Fixtures.TempFolder();
        await using var service = await ServiceUnderTest.StartAsync(
            configuration: new Dictionary<string, string?>(StringComparer.Ordinal) { ["ActorTorrent:WatchFolder"] = watched.Path });
        var content = new GeneratedContent("content", 31, 32 << 10, [new("a.bin", 1_500_000)]);
        await using var peer = await StubPeer.StartAsync(PeerScript.Healthy(600_000), content.InfoHash, content);
        var id = await service.AddAsync(content, peer.EndPoint.ToString());
        await service.Until(id, static torrent => torrent.GetProperty("progress").GetDouble() is > 0 and < 1);

        var system = service.Services.GetRequiredService<ActorSystem>();
        var writer = new FailingWriter();
        var actor = path is null
            ? system.ActorOf(SessionFeedActor.Props(writer))
            : await system.ActorSelection(path).ResolveOne(Patience);
        actor.Tell(cause, ActorRefs.NoSender);
        if (path is null)
            await writer.Tried.Task.WaitAsync(Patience);

        await service.Until(id, static torrent => torrent.GetProperty("progress").GetDouble() >= 1);
        Assert.True(content.Verify(service.Downloads).IsGood);
        var other = new GeneratedContent("other", 32, 32 << 10, [new("b.bin", 100_000)]);
        await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(), other.InfoHash, other);
        var next = await service.AddAsync(other, stub.EndPoint.ToString());
        await service.Until(next, static torrent => torrent.GetProperty("progress").GetDouble() >= 1);
        Assert.Equal(next, (await service.GetAsync($"/api/v1/torrents/{other.InfoHash}")).GetProperty("id").GetInt32());
    }

    /// <summary>Of all assemblies of the program but the engine's, whose own tests have them.</summary>
    private static IEnumerable<Type> Actors() => new[] { typeof(SessionActor).Assembly, typeof(StubPeer).Assembly, Assembly.Load("actortorrent"), typeof(Wire.Peers.PeerId).Assembly }
        .SelectMany(static assembly => assembly.GetTypes())
        .Where(static type => typeof(ActorBase).IsAssignableFrom(type) && !type.IsAbstract)
        .OrderBy(static type => type.Name, StringComparer.Ordinal);

    private sealed class FailingWriter : ChannelWriter<SessionEvent>
    {
        public TaskCompletionSource Tried { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool TryWrite(SessionEvent item)
        {
            Tried.TrySetResult();
            throw new IOException("nothing can be written here");
        }

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => new(true);
    }
}
