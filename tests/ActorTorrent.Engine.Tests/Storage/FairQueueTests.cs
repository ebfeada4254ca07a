using ActorTorrent.Engine.Storage;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class FairQueueTests : TestKit
{
    private readonly FairQueue _queue = new();

    [Fact]
    public void Owners_take_turns()
    {
        var (a, b) = (CreateTestProbe().Ref, CreateTestProbe().Ref);
        Add(a, "a1 a2 a3 a4");
        Add(b, "b1 b2");
        Assert.Equal("a1 b1 a2 b2 a3 a4", Drain());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Reads_go_first_but_writes_are_not_starved()
    {
        var a = CreateTestProbe().Ref;
        Add(a, "w1 w2 w3");
        Add(a, "r1 r2 r3 r4 r5 r6 r7 r8 r9", isRead: true);
        Assert.Equal("r1 r2 r3 r4 w1 r5 r6 r7 r8 w2 r9 w3", Drain());
    }

    [Fact]
    public void An_owner_that_comes_back_waits_for_its_turn()
    {
        var (a, b) = (CreateTestProbe().Ref, CreateTestProbe().Ref);
        Add(a, "a1");
        Add(b, "b1 b2");
        Assert.Equal("a1", Next());
        Add(a, "a2 a3");
        Assert.Equal("b1 a2 b2 a3", Drain());
    }

    private void Add(IActorRef owner, string names, bool isRead = false)
    {
        foreach (var name in names.Split(' '))
            _queue.Enqueue(new TestJob(owner, isRead, name));
    }

    private string? Next() => _queue.TryDequeue(out var job) ? job.ToString() : null;

    private string Drain()
    {
        var names = new List<string>();
        while (Next() is { } name)
            names.Add(name);
        return string.Join(' ', names);
    }
}
