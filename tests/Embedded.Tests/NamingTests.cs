using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class NamingTests : TestKit
{
    [Theory]
    [InlineData("a")]
    [InlineData("peer-1")]
    [InlineData("a_b.c*d+e:f@g&h=i,j!k~l")]
    [InlineData("A1")]
    [InlineData("with%20escape")]
    public void A_good_name_is_taken(string name) => Assert.Equal(name, Sys.ActorOf(Nothing, name).Path.Name);

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ü")]
    [InlineData("a%zz")]
    public void A_bad_name_is_refused(string name) => Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Nothing, name));

    [Fact]
    public void A_name_is_unique_among_siblings()
    {
        Sys.ActorOf(Nothing, "one");
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Nothing, "one"));
    }

    [Fact]
    public void A_name_is_free_again_after_the_end_and_the_new_actor_is_another()
    {
        var first = Sys.ActorOf(Nothing, "one");
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        IActorRef? second = null;
        AwaitAssert(() => second = Sys.ActorOf(Nothing, "one"));
        Assert.NotEqual(first, second);
        Assert.Equal(first.Path, second!.Path);
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
    }

    [Fact]
    public void Names_given_by_the_system_differ()
    {
        var names = Enumerable.Range(0, 200).Select(_ => Sys.ActorOf(Nothing).Path.Name).ToHashSet();
        Assert.Equal(200, names.Count);
    }

    [Fact]
    public void The_path_says_where_the_actor_is()
    {
        var actor = Sys.ActorOf(Nothing, "here");
        Assert.Equal("here", actor.Path.Name);
        Assert.Equal("user", actor.Path.Parent.Name);
        Assert.Equal(["user", "here"], actor.Path.Elements);
        Assert.Equal("/user/here", actor.Path.ToStringWithoutAddress());
        Assert.Equal($"akka://{Sys.Name}/user/here", actor.Path.ToString());
        Assert.Equal(Sys.Name, actor.Path.Address.System);
    }

    [Fact]
    public void A_path_is_parsed()
    {
        var path = ActorPath.Parse("akka://sys/user/a/b");
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal("sys", path.Address.System);
        Assert.Equal("akka://sys/user/a/b", path.ToString());
    }

    [Fact]
    public void Paths_are_equal_by_what_they_say()
    {
        Assert.Equal(ActorPath.Parse("akka://sys/user/a"), ActorPath.Parse("akka://sys/user/a"));
        Assert.NotEqual(ActorPath.Parse("akka://sys/user/a"), ActorPath.Parse("akka://sys/user/b"));
        Assert.NotEqual(ActorPath.Parse("akka://sys/user/a"), ActorPath.Parse("akka://other/user/a"));
        Assert.Equal(ActorPath.Parse("akka://sys/user/a/b"), ActorPath.Parse("akka://sys/user/a") / "b");
    }

    [Fact]
    public void References_are_equal_by_identity()
    {
        var one = Sys.ActorOf(Nothing);
        var two = Sys.ActorOf(Nothing);
        Assert.NotEqual(one, two);
        Assert.True(one.Equals((object)one));
        Assert.Equal(0, one.CompareTo(one));
    }

    [Fact]
    public async Task A_selection_finds_an_actor_by_path()
    {
        var actor = Sys.ActorOf(Nothing, "target");
        Assert.Equal(actor, await Sys.ActorSelection("/user/target").ResolveOne(TimeSpan.FromSeconds(3)));
        Assert.Equal(actor, await Sys.ActorSelection(actor.Path).ResolveOne(TimeSpan.FromSeconds(3)));
        Assert.Equal(actor, await Sys.ActorSelection($"akka://{Sys.Name}/user/target").ResolveOne(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task A_selection_of_nothing_is_not_found() =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nobody").ResolveOne(TimeSpan.FromSeconds(3)));

    [Fact]
    public void A_pattern_selects_many()
    {
        foreach (var name in new[] { "m-1", "m-2", "x-3" })
            Sys.ActorOf(Relay.Of((message, context) => TestActor.Tell($"{context.Self.Path.Name} {message}")), name);
        Sys.ActorSelection("/user/m-*").Tell("hi");
        ExpectMsgAllOf("m-1 hi", "m-2 hi");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_context_knows_its_children()
    {
        var parent = Sys.ActorOf(Relay.Of((message, context) =>
        {
            if (message is string name)
                context.ActorOf(Nothing, name);
            else
                context.Sender.Tell((context.GetChildren().Count(), context.Child("a").Path.Name, context.Child("z").IsNobody()));
        }));
        parent.Tell("a");
        parent.Tell("b");
        parent.Tell(1);
        ExpectMsg((2, "a", true));
    }

    [Fact]
    public void A_child_knows_its_parent()
    {
        var parent = Sys.ActorOf(Relay.Of((message, context) =>
            context.ActorOf(Relay.Of((m, c) => TestActor.Tell(c.Parent))).Tell(message)));
        parent.Tell("x");
        Assert.Equal(parent, ExpectMsg<IActorRef>());
    }

    private static Props Nothing => Relay.Of((_, _) => { });
}
