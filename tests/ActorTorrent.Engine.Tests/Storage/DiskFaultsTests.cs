using ActorTorrent.Engine.Storage;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class DiskFaultsTests
{
    [Fact]
    public void A_full_device_is_out_of_space_and_worth_another_try()
    {
        if (!File.Exists("/dev/full"))
            return;
        var failure = Assert.ThrowsAny<Exception>(() =>
        {
            using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
            RandomAccess.Write(full, new byte[10], 0);
        });
        var fault = DiskFaults.From("write", "/dev/full", failure);
        Assert.Contains("No space", fault.Reason, StringComparison.Ordinal);
        Assert.False(fault.IsFatal);
        Assert.Equal(("write", "/dev/full"), (fault.Operation, fault.Path));
    }

    [Fact]
    public void A_read_only_file_system_and_a_missing_permission_are_fatal()
    {
        if (OperatingSystem.IsWindows())
            return;
        var readOnly = DiskFaults.From("create", "/x", new IOException("Read-only file system", 30));
        Assert.True(readOnly.IsFatal);
        Assert.Contains("read-only", readOnly.Reason, StringComparison.Ordinal);
        var denied = DiskFaults.From("create", "/x", new UnauthorizedAccessException("denied", new IOException("denied", 13)));
        Assert.True(denied.IsFatal);
        Assert.Contains("ermission", denied.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_gone_and_what_nobody_foresaw_may_pass()
    {
        Assert.False(DiskFaults.From("read", "/x", new FileNotFoundException()).IsFatal);
        var other = DiskFaults.From("read", "/x", new IOException("Input/output error", 5));
        Assert.False(other.IsFatal);
        Assert.Equal("Input/output error", other.Reason);
    }

    [Fact]
    public void A_fault_that_is_known_already_stays_as_it_is()
    {
        var fault = new DiskFault("open", "/a", "why", IsFatal: true);
        Assert.Same(fault, DiskFaults.From("write", "/b", new DiskFaultException(fault)));
    }
}
