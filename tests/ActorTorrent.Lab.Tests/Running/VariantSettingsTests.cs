using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Tests.Running;

/// <summary>What the shipped scenarios lay over the settings arrives in the engine's options.</summary>
public sealed class VariantSettingsTests
{
    [Fact]
    public void Every_variant_of_every_scenario_is_understood()
    {
        foreach (var name in ScenarioReader.Known)
            Assert.NotEmpty(Of(name));
    }

    [Fact]
    public void Each_supervision_policy_is_tried()
        => Assert.Equal(
            [SupervisionPolicy.BackOff, SupervisionPolicy.AtOnce, SupervisionPolicy.Never, SupervisionPolicy.AllForOne],
            Of("supervision-ablation").Select(options => options.Faults.Policy));

    [Fact]
    public void Pipelining_and_endgame_are_switched_off_by_themselves_and_together()
    {
        var options = Of("download-ablation");
        Assert.Equal([500, 2, 500, 2], options.Select(one => one.Peer.MaxPipeline));
        Assert.Equal([2, 2, 1, 1], options.Select(one => one.Torrent.EndgameRequesters));
    }

    [Fact]
    public void Chokers_differ_in_what_their_names_say_and_share_the_rest()
    {
        var options = Of("choker-ablation");
        Assert.Equal([true, false, false, false], options.Select(one => one.Torrent.AdaptiveSlots));
        Assert.Equal([8, 4, 4, 100], options.Select(one => one.Torrent.UploadSlots));
        Assert.Equal([false, false, true, false], options.Select(one => one.Torrent.SeedChoking == SeedChoking.RoundRobin));
        Assert.All(options, one => Assert.Equal(TimeSpan.FromSeconds(1), one.Torrent.ChokeRound));
    }

    private static EngineOptions[] Of(string name)
    {
        var scenario = ScenarioReader.Load(name);
        return
        [
            .. scenario.Variants.Select(variant => EngineWorker.Settings(new EngineOrder
            {
                Profiles = scenario.Profiles,
                Settings = string.Join('\n', [.. scenario.Settings, .. variant.Settings]),
            }).Options),
        ];
    }
}
