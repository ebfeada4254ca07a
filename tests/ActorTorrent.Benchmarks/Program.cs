using ActorTorrent.Benchmarks.Picking;
using ActorTorrent.Benchmarks.Runtime;
using ActorTorrent.Benchmarks.Transfer;

return args switch
{
    ["runtime", .. var rest] => await RuntimeCommand.RunAsync(rest),
    ["picker"] => PickerCommand.Run(),
    ["transfer", .. var rest] => await TransferCommand.RunAsync(rest),
    ["transfer-report", .. var rest] => TransferCommand.Report(rest),
    ["publish"] => await TransferCommand.PublishAsync("trimmed"),
    ["publish", "trimmed" or "native"] => await TransferCommand.PublishAsync(args[1]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(RuntimeCommand.Usage);
    Console.Error.WriteLine(PickerCommand.Usage);
    Console.Error.WriteLine(TransferCommand.Usage);
    return 2;
}
