# sightings
