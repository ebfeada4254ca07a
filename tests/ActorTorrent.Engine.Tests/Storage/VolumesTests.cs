using ActorTorrent.Engine.Storage;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class VolumesTests
{
    [Fact]
    public void The_longest_mount_point_above_a_path_is_its_volume()
    {
        string[] mounts = ["/", "/mnt", "/mnt/disk", "/mnt/disk2"];
        Assert.Equal("/mnt/disk", Volumes.Of("/mnt/disk/a/b", mounts));
        Assert.Equal("/mnt/disk", Volumes.Of("/mnt/disk", mounts));
        Assert.Equal("/mnt/disk2", Volumes.Of("/mnt/disk2/a", mounts));
        Assert.Equal("/mnt", Volumes.Of("/mnt/disk3", mounts));
        Assert.Equal("/", Volumes.Of("/home", mounts));
    }

    [Fact]
    public void A_link_leads_to_the_volume_of_its_target()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder["link"], "/proc");
        Assert.Equal(Volumes.Of("/proc"), Volumes.Of(folder["link"]));
    }

    [Fact]
    public void Names_fit_actors_and_differ()
    {
        string[] mounts = ["/", "/root", "/mnt/x", "/mnt-x", "/mnt/ü b", "/mnt/_2d"];
        var names = mounts.Select(Volumes.NameOf).ToArray();
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.True(Akka.Actor.ActorPath.IsValidPathElement(name), name));
    }
}
