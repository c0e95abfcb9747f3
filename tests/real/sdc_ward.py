"""A pump of IEEE 11073 SDC and somebody who finds it, reads it and sets its rate: sdc11073's provider and consumer, in a process of their own."""

import logging
from decimal import Decimal

from sdc11073.consumer.consumerimpl import SdcConsumer
from sdc11073.mdib.consumermdib import ConsumerMdib
from sdc11073.mdib.providermdib import ProviderMdib
from sdc11073.provider.providerimpl import SdcProvider
from sdc11073.wsdiscovery import WSDiscovery
from sdc11073.xml_types.dpws_types import ThisDeviceType, ThisModelType

HERE = "127.0.0.1"
NAMES = "http://standards.ieee.org/downloads/11073/11073-10207-2017"
SEQUENCE = 'MdibVersion="0" SequenceId="urn:uuid:11111111-2222-3333-4444-555555555555"'
MDIB = f"""<?xml version="1.0" encoding="UTF-8"?>
<m:GetMdibResponse xmlns:m="{NAMES}/message" xmlns:p="{NAMES}/participant" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {SEQUENCE}>
<m:Mdib {SEQUENCE}>
<p:MdDescription DescriptionVersion="0">
 <p:Mds Handle="mds" DescriptorVersion="0">
  <p:Type Code="69985"/>
  <p:Sco Handle="sco" DescriptorVersion="0">
   <p:Operation xsi:type="p:SetValueOperationDescriptor" Handle="set_rate" DescriptorVersion="0" OperationTarget="rate"/>
  </p:Sco>
  <p:SystemContext Handle="context" DescriptorVersion="0">
   <p:PatientContext Handle="patient" DescriptorVersion="0"/><p:LocationContext Handle="location" DescriptorVersion="0"/>
  </p:SystemContext>
  <p:Vmd Handle="vmd" DescriptorVersion="0"><p:Channel Handle="channel" DescriptorVersion="0">
   <p:Metric xsi:type="p:NumericMetricDescriptor" Handle="rate" DescriptorVersion="0" MetricCategory="Set" MetricAvailability="Cont" Resolution="0.1">
    <p:Type Code="157784"/><p:Unit Code="265266"/>
   </p:Metric>
  </p:Channel></p:Vmd>
 </p:Mds>
</p:MdDescription>
<p:MdState StateVersion="0">
 <p:State xsi:type="p:MdsState" DescriptorHandle="mds"/>
 <p:State xsi:type="p:ScoState" DescriptorHandle="sco"/>
 <p:State xsi:type="p:SetValueOperationState" DescriptorHandle="set_rate" OperatingMode="En"/>
 <p:State xsi:type="p:SystemContextState" DescriptorHandle="context"/>
 <p:State xsi:type="p:VmdState" DescriptorHandle="vmd"/>
 <p:State xsi:type="p:ChannelState" DescriptorHandle="channel"/>
 <p:State xsi:type="p:NumericMetricState" DescriptorHandle="rate"/>
</p:MdState>
</m:Mdib>
</m:GetMdibResponse>
"""


def main() -> None:
    logging.disable(logging.CRITICAL)
    announced, sought = WSDiscovery(HERE), WSDiscovery(HERE)
    announced.start()
    model = ThisModelType(
        manufacturer="Harbour Pumps", manufacturer_url="http://harbour.example", model_name="HP-3", model_number="3",
        model_url="http://harbour.example/hp3", presentation_url="http://harbour.example",
    )  # fmt: skip
    device = ThisDeviceType(friendly_name="Pump bed 3", firmware_version="2.1.7", serial_number="0003")
    provider = SdcProvider(announced, model, device, ProviderMdib.from_string(MDIB.encode()))
    provider.start_all(start_rtsample_loop=False)
    provider.publish()
    sought.start()
    services = sought.search_services(timeout=2)
    mine = next(one for one in services if one.epr == provider.epr_urn)
    consumer = SdcConsumer.from_wsd_service(mine, ssl_context_container=None)
    consumer.start_all()
    ConsumerMdib(consumer).init_mdib()
    asked = consumer.set_service_client.set_numeric_value(operation_handle="set_rate", requested_numeric_value=Decimal(50))
    asked.result(timeout=5)
    consumer.stop_all()
    provider.stop_all()
    announced.stop()
    sought.stop()


if __name__ == "__main__":
    main()
