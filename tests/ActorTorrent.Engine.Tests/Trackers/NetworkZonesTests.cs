using System.Net;
using ActorTorrent.Engine.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class NetworkZonesTests
{
    [Theory]
    [InlineData("8.8.8.8", NetworkZone.Public)]
    [InlineData("172.32.0.1", NetworkZone.Public)]
    [InlineData("2001:4860:4860::8888", NetworkZone.Public)]
    [InlineData("10.1.2.3", NetworkZone.Lan)]
    [InlineData("100.64.0.1", NetworkZone.Lan)]
    [InlineData("169.254.169.254", NetworkZone.Lan)]
    [InlineData("172.16.0.1", NetworkZone.Lan)]
    [InlineData("192.168.1.1", NetworkZone.Lan)]
    [InlineData("239.192.152.143", NetworkZone.Lan)]
    [InlineData("255.255.255.255", NetworkZone.Lan)]
    [InlineData("fe80::1", NetworkZone.Lan)]
    [InlineData("fd00::1", NetworkZone.Lan)]
    [InlineData("ff02::1", NetworkZone.Lan)]
    [InlineData("127.0.0.1", NetworkZone.Host)]
    [InlineData("127.9.9.9", NetworkZone.Host)]
    [InlineData("0.0.0.0", NetworkZone.Host)]
    [InlineData("::", NetworkZone.Host)]
    [InlineData("::1", NetworkZone.Host)]
    [InlineData("::ffff:127.0.0.1", NetworkZone.Host)]
    [InlineData("::ffff:192.168.0.1", NetworkZone.Lan)]
    [InlineData("64:ff9b::7f00:1", NetworkZone.Host)]
    [InlineData("64:ff9b::808:808", NetworkZone.Public)]
    public void An_address_is_in_its_zone(string address, object zone) =>
        Assert.Equal((NetworkZone)zone, NetworkZones.OfKind(IPAddress.Parse(address)));
}
